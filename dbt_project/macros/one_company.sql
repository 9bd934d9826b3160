{#- Whether two records can be of one company of a group: a source that is nobody's may be anybody's. -#}
{% macro one_company(one, other) -%}
    ({{ one }} is null or {{ other }} is null or {{ one }} = {{ other }})
{%- endmacro %}
