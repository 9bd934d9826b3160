{#- A text that is JSON, as a value inside other JSON. DuckDB only. -#}
{% macro read_json(text) -%}
    cast({{ text }} as json)
{%- endmacro %}
