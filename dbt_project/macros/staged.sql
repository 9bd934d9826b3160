{#-
    One entity, all the systems that are on: the contract's columns first, empty; then each system's rows,
    with typed nulls for what it lacks. Columns are listed, not matched by name, so that any engine can run it.
-#}
{% macro staged(entity) %}
    select
        {%- for column in model.columns.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }}{{ "," if not loop.last }}
        {%- endfor %}
        {%- if not model.columns %} 1 as nothing{% endif %}
    where false
    {%- for system in systems() if entity in feeds().get(system, {}) %}
    {%- set staging = ref('stg_' ~ system ~ '__' ~ entity) %}
    {%- set given = adapter.get_columns_in_relation(staging) | map(attribute='name') | list if execute else [] %}
    union all
    select
        {%- for column in model.columns.values() %}
        {% if column.name in given -%}
            cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}
        {%- else -%}
            cast(null as {{ column.data_type }}) as {{ column.name }}
        {%- endif -%}
        {{ "," if not loop.last }}
        {%- endfor %}
    from {{ staging }}
    {%- endfor %}
{% endmacro %}
