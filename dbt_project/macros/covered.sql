{#-
    What the instances of a system feed: every entity the system knows, fed unless the load says that its stream
    could not be read, and then with the reason: no_right, not_there, not_bought, no_file.
-#}
{% macro covered(system) %}
with

loaded as (

    select
        source,
        entity as stream,
        is_fed,
        since,
        reason
    from {{ raw(system, 'coverage', {'reason': dbt.type_string()}) }}

),

feeds as (
    {% for instance in env_var('INSTANCES', system ~ ':' ~ system ~ ':' ~ system).split() if instance.split(':')[0] == system %}
    {%- set outer_last = loop.last %}
    {%- for entity, stream in feeds()[system].items() %}
    select '{{ instance.split(':')[1] }}' as source, '{{ entity }}' as entity, '{{ stream }}' as stream
    {{ "union all" if not (loop.last and outer_last) }}
    {%- endfor %}
    {%- endfor %}

),

renamed as (

    select
        feeds.source,
        feeds.entity,

        coalesce(loaded.is_fed, {{ 'false' if system == 'files' else 'true' }}) as is_fed,

        cast(loaded.since as date) as since_date,
        loaded.reason
    from feeds
    left join loaded on feeds.source = loaded.source and feeds.stream = loaded.stream

)

select * from renamed
{% endmacro %}
