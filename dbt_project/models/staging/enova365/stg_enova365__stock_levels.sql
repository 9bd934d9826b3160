-- Each period of the warehouse holds its stock anew: of several open ones the newest tells what lies there. -1 is what
-- was sold before it came.
with

lots as (

    select * from {{ raw('enova365', 'zasoby') }}
    where not is_deleted and towar > 0 and partia_typ = 1

),

periods as (

    select
        source,
        id
    from {{ raw('enova365', 'okresy_mag') }}
    where not is_deleted and not coalesce(zamkniety, false)
    qualify row_number() over (partition by source order by okres_from desc nulls last, id desc) = 1

),

locations as (

    select * from {{ ref('stg_enova365__locations') }}

),

renamed as (

    select
        lots.source,
        {{ key('lots.source', 'lots.towar', 'lots.magazyn', as_of()) }} as stock_level_key,
        {{ key('lots.source', 'lots.towar') }} as product_key,

        coalesce(locations.name, 'none') as warehouse,
        {{ enova_local_currency() }} as currency_code,
        {{ first_known(none_text('lots.ilosc_symbol'), 'lots.id') }} as unit_of_measure,

        sum(coalesce(nullif(lots.kierunek, 0), 1) * lots.ilosc_value) as quantity_on_hand,
        sum(coalesce(lots.ilosc_rezerwowana_value, 0)) as quantity_reserved,
        sum(coalesce(nullif(lots.kierunek, 0), 1) * lots.partia_wartosc) as stock_value,

        {{ as_of() }} as as_of_date
    from lots
    inner join periods on lots.source = periods.source and lots.okres = periods.id
    left join locations on lots.source = locations.source and lots.magazyn = locations.warehouse_id
    where lots.magazyn is not null
    group by 1, 2, 3, 4, 5

)

select * from renamed
