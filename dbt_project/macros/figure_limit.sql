{#- A limit that a figure rests on, by its name in the seed figure_limits. -#}
{% macro figure_limit(name) -%}
    (select max(figure_limits.value) from {{ ref('figure_limits') }} as figure_limits where figure_limits.name = '{{ name }}')
{%- endmacro %}
