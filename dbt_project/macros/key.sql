{#-
    The one maker of keys: source, company where the system has companies, and the vendor's own ids byte for byte,
    joined by ':'. Inside a part ':' and '%' are percent-escaped. Null when a part is missing, so that a missing
    reference stays missing. All arguments are SQL expressions.
-#}
{% macro key() -%}
    (
        {%- for part in varargs %}
        {% if loop.first or part.startswith("'") %}{{ part }}{% else %}{{ escaped(part) }}{% endif %}
        {{- " || ':' ||" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}


{% macro escaped(part) -%}
    replace(replace(cast({{ part }} as {{ dbt.type_string() }}), '%', '%25'), ':', '%3A')
{%- endmacro %}
