-- The item a deal's line names. What stands in free text only is a proposal: an article number in it, else one name
-- like it, and clearly more so than any other. Names are compared where they share a word that few items have.
{% set words_are_rare_up_to, alike_from, clearly_better_by = 20, 0.7, 0.1 %}

with

deal_lines as (

    select * from {{ ref('deal_lines') }}

),

products as (

    select
        products.*,
        product_matches.item_key,
        {{ unit_code('products.unit_of_measure') }} as unit_code,
        {{ plain_sku('products.sku') }} as plain_sku,
        {{ name_words('products.name') }} as words
    from {{ ref('products') }} as products
    inner join {{ ref('product_matches') }} as product_matches
        on products.product_key = product_matches.product_key

),

item_units as (

    select * from {{ ref('item_units') }}

),

free_texts as (

    select
        deal_lines.deal_line_key,
        deal_lines.description,
        {{ name_words('deal_lines.description') }} as words
    from deal_lines
    left join products on deal_lines.product_key = products.product_key
    where products.product_key is null and {{ plain_text('deal_lines.description') }} is not null

),

text_words as (

    select
        deal_line_key,
        {{ numbered_words('description') }}
    from free_texts

),

-- A number may be written in up to three words: BRK 1024.
spellings as (

    select
        deal_line_key,
        word as spelling
    from text_words
    union
    select
        deal_line_key,
        word || lead(word) over (partition by deal_line_key order by place) as spelling
    from text_words
    union
    select
        deal_line_key,
        word || lead(word) over (partition by deal_line_key order by place)
        || lead(word, 2) over (partition by deal_line_key order by place) as spelling
    from text_words

),

-- A number of few characters, or of few digits and nothing else, stands in many a text by accident.
found_numbers as (

    select
        spellings.deal_line_key,
        min(products.item_key) as item_key,
        count(distinct products.item_key) as items_counted
    from spellings
    inner join products on {{ plain_sku('spellings.spelling') }} = products.plain_sku
    where {{ is_telling_sku('products.plain_sku') }}
    group by 1

),

name_words as (

    select distinct
        item_key,
        unnest(words) as word
    from products

),

rare_words as (

    select word
    from name_words
    group by 1
    having count(*) <= {{ words_are_rare_up_to }}

),

text_name_words as (

    select
        deal_line_key,
        unnest(words) as word
    from free_texts

),

candidates as (

    select distinct
        text_name_words.deal_line_key,
        name_words.item_key
    from text_name_words
    inner join rare_words on text_name_words.word = rare_words.word
    inner join name_words on rare_words.word = name_words.word

),

compared as (

    select
        candidates.deal_line_key,
        candidates.item_key,
        max({{ words_alike('free_texts.words', 'products.words') }}) as alike
    from candidates
    inner join free_texts on candidates.deal_line_key = free_texts.deal_line_key
    inner join products on candidates.item_key = products.item_key
    group by 1, 2

),

best_names as (

    select
        deal_line_key,
        item_key,
        alike,
        alike - coalesce(lead(alike) over (partition by deal_line_key order by alike desc), 0) as better_by
    from compared
    qualify row_number() over (partition by deal_line_key order by alike desc, item_key asc) = 1

),

proposed as (

    select
        free_texts.deal_line_key,
        case
            when found_numbers.items_counted = 1 then found_numbers.item_key
            when found_numbers.items_counted is null then best_names.item_key
        end as item_key,
        case when found_numbers.items_counted = 1 then 'sku_in_text' else 'similar_name' end as rule,
        case when found_numbers.items_counted = 1 then 0.9 else 0.8 * best_names.alike end as confidence
    from free_texts
    left join found_numbers on free_texts.deal_line_key = found_numbers.deal_line_key
    left join best_names
        on
            free_texts.deal_line_key = best_names.deal_line_key
            and best_names.alike >= {{ alike_from }}
            and best_names.better_by >= {{ clearly_better_by }}

)

select
    deal_lines.deal_line_key,
    deal_lines.deal_key,
    products.item_key,
    proposed.item_key as proposed_item_key,
    case
        when products.item_key is not null then 'given'
        when proposed.item_key is not null then proposed.rule
        else 'none'
    end as rule,
    cast(
        case when products.item_key is not null then 1 when proposed.item_key is not null then proposed.confidence end
        as decimal(5, 4)
    ) as confidence,
    {{ in_base_unit('deal_lines.quantity', 'item_units.factor') }} as quantity_in_base_unit
from deal_lines
left join products on deal_lines.product_key = products.product_key
left join item_units on products.item_key = item_units.item_key and products.unit_code = item_units.unit_code
left join proposed on deal_lines.deal_line_key = proposed.deal_line_key
