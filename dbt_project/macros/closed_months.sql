{#- Figures of a month as they were when it was closed: written down once, so that what changes later can be told. -#}

{#- Whether so many days have gone by since the month's end that its figures are taken as final. DuckDB only. -#}
{% macro is_closed(month) -%}
    {{ as_of() }} >= {{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, month)) }}
    + to_days(cast({{ figure_limit('month_close_days') }} as integer))
{%- endmacro %}


{% macro keep_closed_months() -%}
    create table if not exists remembered.main.closed_months (
        closed_month_key {{ dbt.type_string() }},
        customer_key {{ dbt.type_string() }},
        revenue_amount decimal(18, 4),
        cost_amount decimal(18, 4),
        cm1_amount decimal(18, 4),
        cm2_amount decimal(18, 4),
        cm3_amount decimal(18, 4),
        month date,
        as_of_date date
    )
{%- endmacro %}


{#- What was told first stays: a month that any refresh has written down, of whatever day, is never written again. -#}
{% macro remember_closed_months() -%}
    insert into remembered.main.closed_months
    select
        closed_month_key,
        customer_key,
        revenue_amount,
        cost_amount,
        cm1_amount,
        cm2_amount,
        cm3_amount,
        month,
        as_of_date
    from {{ this }}
    where month not in (select kept.month from remembered.main.closed_months as kept)
{%- endmacro %}
