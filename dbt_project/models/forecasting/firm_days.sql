-- The day of the refresh, and the country whose holidays the firm keeps, as its calendar has it: the one it names for
-- all places, else that of the most of its places; where it has none, that of the most of its customers.
with

countries as (

    select
        upper(country_code) as country_code,
        0 as place,
        count(*) as known
    from {{ ref('work_calendars') }}
    where coalesce(warehouse, '') = '' and country_code is not null
    group by 1
    union all
    select
        upper(country_code) as country_code,
        1 as place,
        count(*) as known
    from {{ ref('locations') }}
    where country_code is not null
    group by 1
    union all
    select
        upper(country_code) as country_code,
        2 as place,
        count(*) as known
    from {{ ref('accounts') }}
    where country_code is not null
    group by 1

),

chosen as (

    select country_code
    from countries
    qualify row_number() over (order by place asc, known desc, country_code asc) = 1

)

select
    {{ as_of() }} as as_of_date,
    (select country_code from chosen) as country_code,
    cast({{ figure_limit('minimum_deals') }} as integer) as minimum_deals,
    cast({{ figure_limit('forecast_interval') }} as double) as forecast_interval
