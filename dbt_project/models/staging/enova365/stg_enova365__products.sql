-- An item costs what lies in the warehouses by what lies there costs, else what its card says it is bought at.
with

items as (

    select * from {{ raw('enova365', 'towary') }}

),

categories as (

    select
        source,
        parent as item_id,
        {{ first_known(none_text('data'), 'lp') }} as category
    from {{ raw('enova365', 'features') }}
    where parent_type = 'Towary' and {{ none_text('data') }} is not null and not is_deleted
    group by 1, 2

),

stock as (

    select
        product_key,
        min(unit_of_measure) as unit_of_measure,
        {{ exact_ratio('sum(stock_value)', 'sum(quantity_on_hand)') }} as unit_cost
    from {{ ref('stg_enova365__stock_levels') }}
    group by 1
    having sum(quantity_on_hand) > 0

),

-- The unit of an item is a reference; its first line names it.
units as (

    select
        source,
        towar as item_id,
        {{ first_known(none_text('ilosc_symbol'), 'id') }} as unit_of_measure
    from {{ raw('enova365', 'pozycje_dok_han') }}
    where {{ none_text('ilosc_symbol') }} is not null and not is_deleted
    group by 1, 2

),

renamed as (

    select
        items.source,
        {{ key('items.source', 'items.id') }} as product_key,

        coalesce({{ none_text('items.kod') }}, cast(items.id as {{ dbt.type_string() }})) as sku,
        {{ none_text('items.nazwa') }} as name,
        categories.category,
        case when items.typ = 2 then 'service' else 'goods' end as kind,
        coalesce(stock.unit_of_measure, units.unit_of_measure) as unit_of_measure,
        {{ enova_local_currency() }} as currency_code,

        coalesce(
            stock.unit_cost,
            case
                when {{ enova_currency('items.cena_zakupu_kartotekowa_symbol') }} = {{ enova_local_currency() }}
                    then nullif(items.cena_zakupu_kartotekowa_value, 0)
            end
        ) as unit_cost
    from items
    left join categories on items.source = categories.source and items.id = categories.item_id
    left join stock on {{ key('items.source', 'items.id') }} = stock.product_key
    left join units on items.source = units.source and items.id = units.item_id
    where not items.is_deleted

)

select * from renamed
