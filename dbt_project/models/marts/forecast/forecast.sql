with

forecast_components as (

    select * from {{ ref('forecast_components') }}

),

forecasts_kept_since as (

    select coalesce(max(kept_since_date), {{ as_of() }}) as kept_since_date
    from {{ ref('forecasts_kept_since') }}

),

-- The first forecast is held against what came once a whole period after it is over.
dated as (

    select
        forecast_components.*,
        forecasts_kept_since.kept_since_date,
        case
            when forecast_components.grain = 'week'
                then {{ dbt.dateadd('day', 13, 'cast(' ~ dbt.date_trunc('week', 'forecasts_kept_since.kept_since_date') ~ ' as date)') }}
            else {{ dbt.dateadd('day', -1, dbt.dateadd('month', 2, 'cast(' ~ dbt.date_trunc('month', 'forecasts_kept_since.kept_since_date') ~ ' as date)')) }}
        end as scored_from_date
    from forecast_components
    cross join forecasts_kept_since

)

select
    cast({{ as_of() }} as {{ dbt.type_string() }}) || ' ' || figure || ' ' || grain || ' '
    || cast(period_start as {{ dbt.type_string() }}) || ' ' || component as forecast_key,
    figure,
    grain,
    component,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(amount as decimal(18, 2)) as amount,
    cast(low_amount as decimal(18, 2)) as low_amount,
    cast(high_amount as decimal(18, 2)) as high_amount,
    cast(naive_amount as decimal(18, 2)) as naive_amount,
    periods_ahead,
    errors_counted,
    period_start,
    period_end,
    kept_since_date,
    cast(scored_from_date as date) as scored_from_date,
    {{ as_of() }} as as_of_date
from dated
