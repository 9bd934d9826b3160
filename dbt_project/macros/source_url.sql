{#-
    A link to a record in the vendor's own screen. Each instance names its screens in <INSTANCE>__RECORD_URL
    (SALESFORCE__RECORD_URL, SALESFORCE__NORTH__RECORD_URL …); without it there is no link. `path` is a SQL expression.
-#}
{% macro source_url(system, path, source='source') -%}
    {%- set instances = env_var('INSTANCES', system ~ ':' ~ system ~ ':' ~ system).split() -%}
    case {{ source }}
        {%- for instance in instances if instance.split(':')[0] == system %}
        {%- set name = instance.split(':')[1] %}
        {%- set base = env_var(name.upper().replace('@', '__') ~ '__RECORD_URL', '') %}
        when '{{ name }}' then {% if base %}'{{ base.rstrip("/") }}' || {{ path }}{% else %}cast(null as {{ dbt.type_string() }}){% endif %}
        {%- endfor %}
    end
{%- endmacro %}
