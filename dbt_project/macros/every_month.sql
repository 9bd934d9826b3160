{#- The first day of every month from one to another, both included; none where one of them is empty. DuckDB only. -#}
{% macro every_month(first, last) -%}
    unnest(
        generate_series(
            cast({{ first }} as date),
            cast({{ last }} as date),
            interval 1 month
        )
    )
{%- endmacro %}
