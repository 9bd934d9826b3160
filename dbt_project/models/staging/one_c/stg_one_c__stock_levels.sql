with

stock as (

    select * from {{ raw('one_c', 'stock') }}
    where {{ none_text('nomenklatura_key') }} is not null and not is_deleted

),

catalogs as (

    select * from {{ ref('stg_one_c__catalogs') }}

),

renamed as (

    select
        stock.source,
        {{ key('stock.source', 'stock.record_key', as_of()) }} as stock_level_key,
        {{ key('stock.source', 'stock.nomenklatura_key') }} as product_key,

        coalesce(warehouses.name, 'none') as warehouse,

        stock.v_nalichii_balance as quantity_on_hand,
        stock.k_otgruzke_balance as quantity_reserved,

        {{ as_of() }} as as_of_date
    from stock
    left join catalogs as warehouses
        on stock.source = warehouses.source and stock.sklad_key = warehouses.ref_key

)

select * from renamed
