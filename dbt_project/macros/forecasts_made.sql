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


{#- A day refreshed again is told anew until a later day is frozen; what stayed the same stays as it was first written. -#}
{% macro forget_forecasts_of_this_day() -%}
    delete from remembered.main.forecasts_made
    where
        as_of_date = {{ as_of() }}
        and not exists (
            select 1 from remembered.main.forecasts_made as later where later.as_of_date > {{ as_of() }}
        )
        and forecast_key not in (
            select forecast_key
            from (
                select {{ forecast_made_columns() | join(', ') }}
                from remembered.main.forecasts_made
                where as_of_date = {{ as_of() }}
                intersect
                {{ forecasts_made_today() }}
            ) as unchanged
        )
{%- endmacro %}


{% macro remember_forecasts_of_this_day() -%}
    insert into remembered.main.forecasts_made
    select
        *,
        coalesce(
            (select max(source_loads.loaded_at) from remembered.main.source_loads), cast({{ as_of() }} as timestamp)
        )
    from ({{ forecasts_made_today() }}) as made
    where
        not exists (
            select 1 from remembered.main.forecasts_made as later where later.as_of_date > {{ as_of() }}
        )
        and forecast_key not in (
            select kept.forecast_key from remembered.main.forecasts_made as kept
            where kept.as_of_date = {{ as_of() }}
        )
{%- endmacro %}
