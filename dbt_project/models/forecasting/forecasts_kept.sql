-- Forecasts as they were made; of a day that came back in two versions, the one written last.
-- depends_on: {{ ref('forecast') }}
with

versions as (

    select
        *,
        row_number() over (partition by forecast_key order by frozen_at desc, forecast_amount desc) as version
    from remembered.main.forecasts_made

)

select {{ forecast_made_columns() | join(', ') }}
from versions
where version = 1 and as_of_date <= {{ as_of() }}
