with

lots as (

    select * from {{ raw('comarch_xl', 'twr_zasoby') }}
    where not is_deleted and tw_z_twr_numer > 0

),

locations as (

    select * from {{ ref('stg_comarch_xl__locations') }}

),

renamed as (

    select
        lots.source,
        {{ key('lots.source', 'lots.tw_z_twr_numer', 'lots.tw_z_mag_numer', as_of()) }} as stock_level_key,
        {{ key('lots.source', 'lots.tw_z_twr_numer') }} as product_key,

        coalesce(locations.name, 'none') as warehouse,
        {{ xl_local_currency() }} as currency_code,

        sum(lots.tw_z_il_mag) as quantity_on_hand,
        -- What lies there and is not free.
        greatest(sum(lots.tw_z_il_mag - lots.tw_z_ilosc), 0) as quantity_reserved,
        sum(lots.tw_z_ksiegowa_netto) as stock_value,

        {{ as_of() }} as as_of_date
    from lots
    left join locations on lots.source = locations.source and lots.tw_z_mag_numer = locations.warehouse_id
    group by 1, 2, 3, 4, 5

)

select * from renamed
