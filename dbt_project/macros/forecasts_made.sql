{#- Forecasts are remembered as they were made: the table is made at the first build, and only ever added to. -#}

{% macro keep_forecasts_made() -%}
    create table if not exists remembered.main.forecasts_made (
        forecast_key {{ dbt.type_string() }},
        figure {{ dbt.type_string() }},
        grain {{ dbt.type_string() }},
        reporting_currency_code {{ dbt.type_string() }},
        forecast_amount decimal(18, 2),
        low_amount decimal(18, 2),
        high_amount decimal(18, 2),
        naive_amount decimal(18, 2),
        periods_ahead bigint,
        period_start date,
        period_end date,
        as_of_date date,
        frozen_at timestamp
    )
{%- endmacro %}


{% macro forecast_made_columns() -%}
    {{ return([
        'forecast_key', 'figure', 'grain', 'reporting_currency_code', 'forecast_amount', 'low_amount', 'high_amount',
        'naive_amount', 'periods_ahead', 'period_start', 'period_end', 'as_of_date',
    ]) }}
{%- endmacro %}


{% macro forecasts_made_today() -%}
    select
        forecast_key,
        figure,
        grain,
        reporting_currency_code,
        amount as forecast_amount,
        low_amount,
        high_amount,
        naive_amount,
        periods_ahead,
        period_start,
        period_end,
        as_of_date
    from {{ this }}
    where component = 'total'
{%- endmacro %}


{% macro forget_forecasts_of_this_day() -%}
    {{ forget_frozen_day('forecasts_made', 'forecast_key', forecast_made_columns(), forecasts_made_today()) }}
{%- endmacro %}


{% macro remember_forecasts_of_this_day() -%}
    {{ freeze_day('forecasts_made', 'forecast_key', forecasts_made_today()) }}
{%- endmacro %}
