{#- The day of the refresh. Models never ask the clock. Parsing does not ask for it: what is parsed serves every day. -#}
{% macro as_of() -%}
    cast('{{ env_var("AS_OF", "2026-01-01") if execute else "2026-01-01" }}' as date)
{%- endmacro %}


{% macro time_zone() -%}
    '{{ env_var("TIME_ZONE", "Europe/Warsaw") }}'
{%- endmacro %}


{#- The day a UTC moment falls on in the firm's time zone. DuckDB only. -#}
{% macro local_date(moment) -%}
    cast({{ moment }} at time zone 'UTC' at time zone {{ time_zone() }} as date)
{%- endmacro %}


{#- The UTC moment a day begins in the firm's time zone: what a vendor's date becomes where a moment is asked. DuckDB only. -#}
{% macro start_of_local_day(day) -%}
    (cast({{ day }} as timestamp) at time zone {{ time_zone() }} at time zone 'UTC')
{%- endmacro %}


{#- The UTC moment of a day and a time of it, in hundredths of a second, on the firm's clock. DuckDB only. -#}
{% macro local_moment(day, hundredths) -%}
    (
        (
            cast({{ day }} as timestamp)
            + case when {{ hundredths }} between 1 and 8640000 then to_milliseconds(10 * {{ hundredths }}) else interval 0 second end
        ) at time zone {{ time_zone() }} at time zone 'UTC'
    )
{%- endmacro %}
