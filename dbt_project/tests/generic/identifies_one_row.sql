{#- A key belongs to one row only. Where it does not, the test stops with a message that names the first such key. -#}
{% test identifies_one_row(model, column_name) %}

with

repeated as (

    select
        {{ column_name }} as repeated_key,
        count(*) as times
    from {{ model }}
    group by 1
    having count(*) > 1

)

select * from repeated
where
    {{ stop_saying("'" ~ column_name ~ " ' || coalesce(repeated_key, 'null') || ' is there ' || times || ' times'") }}
    is null

{% endtest %}
