with

site_calendars as (

    select * from {{ ref('site_calendars') }}

),

order_days as (

    select
        min({{ local_date('ordered_at') }}) as first_date,
        max(coalesce(promised_date, requested_date, {{ local_date('ordered_at') }})) as last_date
    from {{ ref('orders') }}

),

quote_days as (

    select min({{ local_date('coalesce(sent_at, created_at)') }}) as first_date
    from {{ ref('quotes') }}

),

-- A date far off the others is a slip of the pen: the calendar does not follow it.
span as (

    select
        greatest(
            least(
                coalesce(order_days.first_date, {{ as_of() }}),
                coalesce(quote_days.first_date, order_days.first_date, {{ as_of() }})
            ),
            cast('1990-01-01' as date)
        ) as first_date,
        least(
            greatest(coalesce(order_days.last_date, {{ as_of() }}), {{ as_of() }}),
            cast({{ dbt.dateadd('year', 3, as_of()) }} as date)
        ) as last_date
    from order_days
    cross join quote_days

)

select distinct
    site_calendars.country_code,
    span.first_date,
    span.last_date
from site_calendars
cross join span
where site_calendars.country_code is not null and span.first_date <= span.last_date
