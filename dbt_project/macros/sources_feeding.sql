{#- The sources that feed an entity; of what a source does not feed nothing is known, and nothing is 0. -#}
{% macro sources_feeding(entity) -%}
    select source
    from {{ ref('coverage') }}
    where entity = '{{ entity }}' and is_fed
{%- endmacro %}
