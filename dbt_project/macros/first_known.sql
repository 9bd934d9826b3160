{#- The first value that is not null, by an order. DuckDB only. -#}
{% macro first_known(column, order) -%}
    arg_min({{ column }}, {{ order }})
{%- endmacro %}


{#- The last part of one of our keys, as the vendor writes it. DuckDB only. -#}
{% macro vendor_id(key) -%}
    replace(replace(split_part({{ key }}, ':', -1), '%3A', ':'), '%25', '%')
{%- endmacro %}
