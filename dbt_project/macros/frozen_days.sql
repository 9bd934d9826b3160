{#-
    Tables that keep what was said on a day. A day refreshed again is told anew, until a later day is frozen: then it is
    history and nobody touches it. Rows that stayed the same stay as they were first written. `rows` selects the table's
    columns but the last, frozen_at, from what this refresh says of its day.
-#}
{% macro forget_frozen_day(table, key, columns, rows) -%}
    delete from remembered.main.{{ table }}
    where
        as_of_date = {{ as_of() }}
        and not exists (
            select 1 from remembered.main.{{ table }} as later where later.as_of_date > {{ as_of() }}
        )
        and {{ key }} not in (
            select {{ key }}
            from (
                select {{ columns | join(', ') }}
                from remembered.main.{{ table }}
                where as_of_date = {{ as_of() }}
                intersect
                {{ rows }}
            ) as unchanged
        )
{%- endmacro %}


{#- The moment is that of the newest load: rows of one day that come back from kept files are told apart by it. -#}
{% macro freeze_day(table, key, rows) -%}
    insert into remembered.main.{{ table }}
    select
        *,
        coalesce(
            (select max(source_loads.loaded_at) from remembered.main.source_loads), cast({{ as_of() }} as timestamp)
        )
    from ({{ rows }}) as told
    where
        as_of_date = {{ as_of() }}
        and not exists (
            select 1 from remembered.main.{{ table }} as later where later.as_of_date > {{ as_of() }}
        )
        and {{ key }} not in (
            select kept.{{ key }} from remembered.main.{{ table }} as kept
            where kept.as_of_date = {{ as_of() }}
        )
{%- endmacro %}
