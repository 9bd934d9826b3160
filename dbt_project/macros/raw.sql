{#- A raw table of every instance of a system, stacked, with the instance's name as `source`. -#}
{% macro raw(system, table) %}
    {%- set instances = [] -%}
    {%- for instance in env_var('INSTANCES', [system, system, system] | join(':')).split() if instance.split(':')[0] == system -%}
        {%- do instances.append(instance.split(':')) -%}
    {%- endfor -%}
    (
        {%- for instance in instances %}
        select '{{ instance[1] }}' as source, * from "{{ instance[2] }}".raw.{{ table }}
        {%- if not loop.last %} union all by name{% endif %}
        {%- endfor %}
    )
{%- endmacro %}
