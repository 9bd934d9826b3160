{#- The first day of the month so many months before the one of the refresh; 0 is the month that is not over yet. -#}
{% macro months_ago(months) -%}
    cast({{ dbt.dateadd('month', -months, month_of(as_of())) }} as date)
{%- endmacro %}
