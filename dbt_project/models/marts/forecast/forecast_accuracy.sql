-- Forecasts as they were frozen, against what came. What the CRM said then is taken from the pipeline of that day.
with

forecasts_kept as (

    select * from {{ ref('forecasts_kept') }}
    where period_end <= {{ as_of() }}

),

forecast_days as (

    select * from {{ ref('forecast_days') }}

),

pipeline_snapshots as (

    select * from {{ ref('pipeline_snapshots') }}

),

periods as (

    select distinct
        figure,
        period_start,
        period_end
    from forecasts_kept

),

actuals as (

    select
        periods.figure,
        periods.period_start,
        periods.period_end,
        coalesce(sum(forecast_days.amount), 0) as actual_amount
    from periods
    left join forecast_days
        on
            periods.figure = forecast_days.figure
            and periods.period_start <= forecast_days.day
            and periods.period_end >= forecast_days.day
    group by 1, 2, 3

),

-- The CRM's own sum: open deals by their probability in the period they are expected to close in, won ones in full.
crm_days as (

    select
        as_of_date,
        case when status = 'won' then closed_date else expected_close_date end as day,
        sum(case when status = 'won' then amount else amount * probability end) as amount
    from pipeline_snapshots
    where status in ('open', 'won')
    group by 1, 2

),

-- Without any probability of open deals there is no such sum.
days_weighted as (

    select as_of_date
    from pipeline_snapshots
    group by 1
    having
        count(case when status = 'open' then 1 end) = 0
        or count(case when status = 'open' then probability end) > 0

),

crm as (

    select
        forecasts_kept.forecast_key,
        coalesce(sum(crm_days.amount), 0) as crm_amount
    from forecasts_kept
    left join crm_days
        on
            forecasts_kept.as_of_date = crm_days.as_of_date
            and forecasts_kept.period_start <= crm_days.day
            and forecasts_kept.period_end >= crm_days.day
    where
        forecasts_kept.figure = 'won'
        and forecasts_kept.as_of_date in (select days_weighted.as_of_date from days_weighted)
    group by 1

),

compared as (

    select
        forecasts_kept.*,
        cast(actuals.actual_amount as decimal(18, 2)) as actual_amount,
        cast(crm.crm_amount as decimal(18, 2)) as crm_amount
    from forecasts_kept
    inner join actuals
        on
            forecasts_kept.figure = actuals.figure
            and forecasts_kept.period_start = actuals.period_start
            and forecasts_kept.period_end = actuals.period_end
    left join crm on forecasts_kept.forecast_key = crm.forecast_key

)

select
    forecast_key as forecast_accuracy_key,
    figure,
    grain,
    reporting_currency_code,
    forecast_amount,
    low_amount,
    high_amount,
    actual_amount,
    naive_amount,
    crm_amount,
    cast(forecast_amount - actual_amount as decimal(18, 2)) as error_amount,
    cast(abs(forecast_amount - actual_amount) as decimal(18, 2)) as absolute_error_amount,
    cast(abs(naive_amount - actual_amount) as decimal(18, 2)) as naive_absolute_error_amount,
    cast(abs(crm_amount - actual_amount) as decimal(18, 2)) as crm_absolute_error_amount,
    periods_ahead,
    case when low_amount is not null then actual_amount between low_amount and high_amount end as is_within_interval,
    period_start,
    period_end,
    as_of_date as made_date
from compared
