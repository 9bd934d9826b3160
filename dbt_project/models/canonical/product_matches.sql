-- Products of different systems are one item by a person's decision or by their article number, never by name. A number
-- that one system gives to two different things joins nothing: nobody can tell which of the two is meant.
with recursive

products as (

    select
        product_key,
        source,
        sku,
        trim(sku) as exact_sku,
        {{ plain_sku('sku') }} as plain_sku,
        {{ sku_parts('sku') }} as sku_parts,
        coalesce({{ letters_and_digits('name') }}, product_key) as thing
    from {{ ref('products') }}

),

-- The latest decision on two products counts; of two made at once, the one that keeps them apart.
decisions as (

    select
        product_key_a as product_key,
        product_key_b as other_product_key,
        decision
    from {{ ref('product_decisions') }}
    qualify row_number() over (
        partition by least(product_key_a, product_key_b), greatest(product_key_a, product_key_b)
        order by {{ decided_at() }} desc nulls last, decision asc
    ) = 1

),

decided as (

    select
        product_key,
        other_product_key,
        decision
    from decisions
    union
    select
        other_product_key as product_key,
        product_key as other_product_key,
        decision
    from decisions

),

exact_numbers as (

    select exact_sku
    from (
        select
            exact_sku,
            source,
            count(distinct thing) as things
        from products
        group by 1, 2
    ) as within_system
    group by 1
    -- A dash is no number.
    having max(things) = 1 and max({{ letters_and_digits('exact_sku') }}) is not null

),

-- Written differently, a number must stand once in each system, and with its parts parted in one way only.
plain_numbers as (

    select plain_sku
    from (
        select
            plain_sku,
            source,
            count(distinct exact_sku) as spellings,
            count(distinct thing) as things,
            min(case when sku_parts like '%-%' then sku_parts end) as least_parts,
            max(case when sku_parts like '%-%' then sku_parts end) as greatest_parts
        from products
        group by 1, 2
    ) as within_system
    group by 1
    having
        max(spellings) = 1
        and max(things) = 1
        and coalesce(min(least_parts), '') = coalesce(max(greatest_parts), '')

),

-- What people keep apart from a product of the same number, that number joins to nothing else either.
kept_apart as (

    select distinct products.product_key
    from products
    inner join decided on products.product_key = decided.product_key and decided.decision = 'different'
    inner join products as others on decided.other_product_key = others.product_key
    where products.plain_sku = others.plain_sku or products.exact_sku = others.exact_sku

),

joinable as (

    select products.*
    from products
    left join kept_apart on products.product_key = kept_apart.product_key
    where kept_apart.product_key is null

),

joined as (

    select
        joinable.product_key,
        min(joinable.product_key) over (partition by joinable.exact_sku) as other_product_key
    from joinable
    inner join exact_numbers on joinable.exact_sku = exact_numbers.exact_sku
    union
    select
        joinable.product_key,
        min(joinable.product_key) over (partition by joinable.plain_sku) as other_product_key
    from joinable
    inner join plain_numbers on joinable.plain_sku = plain_numbers.plain_sku
    union
    select
        decided.product_key,
        decided.other_product_key
    from decided
    inner join products on decided.product_key = products.product_key
    inner join products as others on decided.other_product_key = others.product_key
    where decided.decision = 'same'

),

neighbours as (

    select
        product_key,
        other_product_key
    from joined
    union
    select
        other_product_key as product_key,
        product_key as other_product_key
    from joined

),

reached as (

    select
        product_key,
        product_key as item_key
    from products

    union

    select
        neighbours.other_product_key as product_key,
        reached.item_key
    from reached
    inner join neighbours on reached.product_key = neighbours.product_key
    where reached.item_key < neighbours.other_product_key

),

grouped as (

    select
        product_key,
        min(item_key) as item_key
    from reached
    group by 1

),

-- A group that holds two products people keep apart falls apart: nobody can tell on whose side the others are.
in_conflict as (

    select distinct grouped.item_key
    from grouped
    inner join decided on grouped.product_key = decided.product_key and decided.decision = 'different'
    inner join grouped as others on decided.other_product_key = others.product_key
    where grouped.item_key = others.item_key

),

items as (

    select
        products.*,
        case when in_conflict.item_key is null then grouped.item_key else products.product_key end as item_key
    from products
    inner join grouped on products.product_key = grouped.product_key
    left join in_conflict on grouped.item_key = in_conflict.item_key

),

decided_same as (

    select distinct items.product_key
    from items
    inner join decided on items.product_key = decided.product_key and decided.decision = 'same'
    inner join items as others on decided.other_product_key = others.product_key
    where items.item_key = others.item_key

),

ruled as (

    select
        items.*,
        case
            when decided_same.product_key is not null then 'decision'
            when count(*) over (partition by items.item_key, items.exact_sku) > 1 then 'exact'
            when count(*) over (partition by items.item_key) > 1 then 'normalised'
            else 'alone'
        end as rule
    from items
    left join decided_same on items.product_key = decided_same.product_key

)

select
    product_key,
    item_key,
    source,
    sku,
    rule,
    cast(case rule when 'exact' then 0.99 when 'normalised' then 0.9 else 1 end as decimal(5, 4)) as confidence
from ruled
