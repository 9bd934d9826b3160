{#-
    A raw table of every instance of a system, stacked, with the instance's name as `source`. `younger` are columns, with
    their types, that a landing file kept from an older version does not have.
-#}
{% macro raw(system, table, younger={}) %}
    {%- set instances = [] -%}
    {%- for instance in env_var('INSTANCES', [system, system, system] | join(':')).split() if instance.split(':')[0] == system -%}
        {%- do instances.append(instance.split(':')) -%}
    {%- endfor -%}
    (
        {%- if younger %}
        select
            {%- for column, kind in younger.items() %}
            cast(null as {{ kind }}) as {{ column }}{{ "," if not loop.last }}
            {%- endfor %}
        where false
        {%- if instances %} union all by name{% endif %}
        {%- endif %}
        {%- for instance in instances %}
        select '{{ instance[1] }}' as source, * from "{{ instance[2] }}".raw.{{ table }}
        {%- if not loop.last %} union all by name{% endif %}
        {%- endfor %}
    )
{%- endmacro %}
