{#- Stops the query with a message made from its row. DuckDB only. -#}
{% macro stop_saying(message) -%}
    error({{ message }})
{%- endmacro %}
