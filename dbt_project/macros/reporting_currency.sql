{#- The currency the marts report in. -#}
{% macro reporting_currency() -%}
    '{{ env_var("REPORTING_CURRENCY", "PLN") }}'
{%- endmacro %}
