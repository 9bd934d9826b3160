{#- A JSON object as text, from a dict of names and SQL expressions. DuckDB only. -#}
{% macro json_text(values) -%}
    cast(json_object(
        {%- for name, expression in values.items() -%}
        '{{ name }}', {{ expression }}{{ ", " if not loop.last }}
        {%- endfor -%}
    ) as {{ dbt.type_string() }})
{%- endmacro %}
