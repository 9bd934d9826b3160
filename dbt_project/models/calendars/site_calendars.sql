with

orders as (

    select * from {{ ref('orders') }}

),

locations as (

    select * from {{ ref('locations') }}

),

work_calendars as (

    select * from {{ ref('work_calendars') }}

),

sites as (

    select distinct
        source,
        coalesce(warehouse, '') as warehouse
    from orders

),

-- Two companies of one system may have a warehouse of the same name.
site_countries as (

    select
        source,
        name as warehouse,
        min(upper(country_code)) as country_code
    from locations
    where country_code is not null
    group by 1, 2

),

stated as (

    select
        coalesce(warehouse, '') as warehouse,
        min(upper(country_code)) as country_code
    from work_calendars
    group by 1

),

-- Where nobody says otherwise, a firm works by the calendar of the country that most of its sites are in.
usual as (

    select
        upper(country_code) as country_code,
        row_number() over (order by count(*) desc, upper(country_code) asc) as place
    from locations
    where country_code is not null
    group by 1

)

select
    sites.source,
    sites.warehouse,
    coalesce(
        own.country_code, site_countries.country_code, all_others.country_code, usual.country_code
    ) as country_code,
    case
        when own.country_code is not null then 'seed'
        when site_countries.country_code is not null then 'location'
        when all_others.country_code is not null then 'seed'
        when usual.country_code is not null then 'usual'
    end as known_from
from sites
left join stated as own on sites.warehouse = own.warehouse and sites.warehouse <> ''
left join site_countries on sites.source = site_countries.source and sites.warehouse = site_countries.warehouse
left join stated as all_others on all_others.warehouse = ''
left join usual on usual.place = 1
