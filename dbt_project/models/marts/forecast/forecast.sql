with

forecast_components as (

    select * from {{ ref('forecast_components') }}

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
    {{ as_of() }} as as_of_date
from forecast_components
