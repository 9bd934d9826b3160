with

items as (

    select * from {{ raw('one_c', 'items') }}
    where not is_deleted and not coalesce(is_folder, false)

),

units as (

    select * from {{ raw('one_c', 'units') }}

),

renamed as (

    select
        items.source,
        {{ key('items.source', 'items.ref_key') }} as product_key,

        coalesce({{ none_text('items.artikul') }}, {{ none_text('items.code') }}, items.ref_key) as sku,
        coalesce({{ none_text('items.description') }}, {{ none_text('items.naimenovanie_polnoe') }}) as name,
        {{ none_text('items.tip_nomenklatury') }} as category,
        {{ none_text('units.description') }} as unit_of_measure
    from items
    left join units on items.source = units.source and items.edinitsa_izmereniya_key = units.ref_key

)

select * from renamed
