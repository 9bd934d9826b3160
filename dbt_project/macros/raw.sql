{#- A raw table of every instance of a system, stacked, with the instance's name as `source`. -#}
{% macro raw(system, table) %}
    {%- set everything = 'salesforce:salesforce:salesforce business_central:business_central:business_central nbp:nbp:nbp cbr:cbr:cbr ecb:ecb:ecb files:crm:crm' -%}
    {%- set instances = [] -%}
    {%- for instance in env_var('INSTANCES', everything).split() if instance.split(':')[0] == system -%}
        {%- do instances.append(instance.split(':')) -%}
    {%- endfor -%}
    (
        {%- for instance in instances %}
        select '{{ instance[1] }}' as source, * from "{{ instance[2] }}".raw.{{ table }}
        {%- if not loop.last %} union all by name{% endif %}
        {%- endfor %}
    )
{%- endmacro %}
