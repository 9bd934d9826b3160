{#- Every month from one day's to another's, both included, each with its first day and the next one's. DuckDB only. -#}
{% macro months_between(first, last) -%}
    select
        cast(day as date) as month,
        cast({{ dbt.dateadd('month', 1, 'day') }} as date) as next_month
    from (
        select
            unnest(generate_series(
                cast({{ dbt.date_trunc('month', first) }} as timestamp),
                cast({{ dbt.date_trunc('month', last) }} as timestamp),
                interval 1 month
            )) as day
    ) as days
{%- endmacro %}


{#- First and last day of a period written as 2026-05, 2026-Q2 or 2026; null where it is written otherwise. DuckDB only. -#}
{% macro first_day_of_period(period) -%}
    case
        when regexp_full_match({{ period }}, '[0-9]{4}') then cast({{ period }} || '-01-01' as date)
        when regexp_full_match({{ period }}, '[0-9]{4}-Q[1-4]')
            then make_date(cast(left({{ period }}, 4) as integer), 3 * cast(right({{ period }}, 1) as integer) - 2, 1)
        when regexp_full_match({{ period }}, '[0-9]{4}-(0[1-9]|1[0-2])') then cast({{ period }} || '-01' as date)
    end
{%- endmacro %}


{% macro months_of_period(period) -%}
    case when length({{ period }}) = 4 then 12 when {{ period }} like '%Q%' then 3 else 1 end
{%- endmacro %}
