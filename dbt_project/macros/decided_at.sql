{#- The moment of a decision as people write it, a day or a UTC timestamp; a day counts from its beginning. -#}
{% macro decided_at() -%}
    {{ dbt.safe_cast('"when"', 'timestamp') }}
{%- endmacro %}
