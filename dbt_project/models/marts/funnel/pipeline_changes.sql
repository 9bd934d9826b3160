with

pipeline_change_deals as (

    select * from {{ ref('pipeline_change_deals') }}

),

pipeline_snapshots as (

    select * from {{ ref('pipeline_snapshots') }}

),

days as (

    select
        as_of_date as to_date,
        lag(as_of_date) over (order by as_of_date) as from_date
    from (select distinct as_of_date from pipeline_snapshots) as snapshot_days

),

standing as (

    select
        as_of_date,
        {{ month_of('expected_close_date') }} as close_month,
        max(reporting_currency_code) as reporting_currency_code,
        sum(coalesce(amount, 0)) as amount,
        count(*) as deals_counted,
        count(case when amount is null then 1 end) as deals_without_value
    from pipeline_snapshots
    where status = 'open'
    group by 1, 2

),

-- What stood open is told by the snapshots themselves and not by the changes, so that one proves the other.
summed as (

    select
        'opening' as kind,
        1 as kind_place,
        standing.reporting_currency_code,
        standing.amount,
        standing.deals_counted,
        standing.deals_without_value,
        standing.close_month,
        days.from_date,
        days.to_date
    from days
    inner join standing on days.from_date = standing.as_of_date
    union all
    select
        'closing' as kind,
        12 as kind_place,
        standing.reporting_currency_code,
        standing.amount,
        standing.deals_counted,
        standing.deals_without_value,
        standing.close_month,
        days.from_date,
        days.to_date
    from days
    inner join standing on days.to_date = standing.as_of_date
    where days.from_date is not null
    union all
    select
        kind,
        case kind
            when 'new' then 2
            when 'reopened' then 3
            when 'grown' then 4
            when 'shrunk' then 5
            when 'revalued' then 6
            when 'slipped' then 7
            when 'pulled_in' then 8
            when 'won' then 9
            when 'lost' then 10
            else 11
        end as kind_place,
        max(reporting_currency_code) as reporting_currency_code,
        sum(amount) as amount,
        count(*) as deals_counted,
        0 as deals_without_value,
        close_month,
        max(from_date) as from_date,
        to_date
    from pipeline_change_deals
    group by 1, 2, 7, 9

)

select
    cast(to_date as {{ dbt.type_string() }})
    || ' ' || kind
    || ' ' || coalesce(cast(close_month as {{ dbt.type_string() }}), 'none') as pipeline_change_key,
    kind,
    reporting_currency_code,
    cast(amount as decimal(18, 2)) as amount,
    kind_place,
    deals_counted,
    deals_without_value,
    close_month,
    from_date,
    to_date
from summed
