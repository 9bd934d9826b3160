-- What an order counts in boxes a shipment may count in pieces; a line without a product has no conversion.
with

used as (

    select
        coalesce(product_key, '') as product_key,
        unit_of_measure
    from {{ ref('order_lines') }}
    where unit_of_measure is not null
    union
    select
        coalesce(product_key, '') as product_key,
        unit_of_measure
    from {{ ref('shipment_lines') }}
    where unit_of_measure is not null

),

words as (

    select distinct unit_of_measure
    from used

),

coded as (

    select
        words.unit_of_measure,
        {{ unit_code('words.unit_of_measure') }} as unit_code
    from words

)

select
    used.product_key,
    used.unit_of_measure,
    coded.unit_code,
    item_units.factor
from used
inner join coded on used.unit_of_measure = coded.unit_of_measure
left join {{ ref('product_matches') }} as product_matches on used.product_key = product_matches.product_key
left join {{ ref('item_units') }} as item_units
    on product_matches.item_key = item_units.item_key and coded.unit_code = item_units.unit_code
where coded.unit_code is not null
