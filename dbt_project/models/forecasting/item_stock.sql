-- What lies where, at the newest day each source tells, in the unit of the item.
with

stock_levels as (

    select * from {{ ref('stock_levels') }}
    where as_of_date <= {{ as_of() }}

),

newest as (

    select
        source,
        max(as_of_date) as as_of_date
    from stock_levels
    group by 1

),

items as (

    select
        products.product_key,
        product_matches.item_key,
        {{ unit_code('products.unit_of_measure') }} as unit_code
    from {{ ref('products') }} as products
    inner join {{ ref('product_matches') }} as product_matches
        on products.product_key = product_matches.product_key

),

item_units as (

    select * from {{ ref('item_units') }}

)

select
    coalesce(items.item_key, stock_levels.product_key) as item_key,
    stock_levels.warehouse,
    min(stock_levels.product_key) as product_key,
    min(stock_levels.source) as source,
    min(stock_levels.currency_code) as currency_code,
    sum({{ in_base_unit('stock_levels.quantity_on_hand', 'coalesce(item_units.factor, 1)') }}) as quantity_on_hand,
    sum({{ in_base_unit('stock_levels.quantity_reserved', 'coalesce(item_units.factor, 1)') }}) as quantity_reserved,
    sum(stock_levels.stock_value) as stock_value,
    max(stock_levels.as_of_date) as stock_date
from stock_levels
inner join newest
    on stock_levels.source = newest.source and stock_levels.as_of_date = newest.as_of_date
left join items on stock_levels.product_key = items.product_key
left join item_units on items.item_key = item_units.item_key and items.unit_code = item_units.unit_code
group by 1, 2
