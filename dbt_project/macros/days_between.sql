{#- Whole days from one date to another, negative where the second comes first. DuckDB subtracts dates into days. -#}
{% macro days_between(first, last) -%}
    ({{ last }} - {{ first }})
{%- endmacro %}
