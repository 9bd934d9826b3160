{#-
    Quantities of each pool laid end to end: the earlier lines first, then by key. Where two such rows overlap, the one
    line belongs to the other by as much as they overlap, and no quantity belongs to two. `pool` is one column, and what came
    back (`sign` -1) is laid apart from what went out.
-#}
{% macro laid_end_to_end(lines) -%}
    select
        *,
        sum(quantity) over (
            partition by from_entity, to_entity, pool, sign order by happened_at, line_key rows unbounded preceding
        ) - quantity as begins,
        sum(quantity) over (
            partition by from_entity, to_entity, pool, sign order by happened_at, line_key rows unbounded preceding
        ) as ends
    from {{ lines }}
    where quantity > 0
{%- endmacro %}


{% macro overlapping(from_lines, to_lines) -%}
    select
        earlier.from_entity,
        earlier.line_key as from_line_key,
        later.to_entity,
        later.line_key as to_line_key,
        later.sign * (least(earlier.ends, later.ends) - greatest(earlier.begins, later.begins)) as quantity,
        least(earlier.link_confidence, later.link_confidence) as link_confidence,
        later.is_guessed
    from {{ from_lines }} as earlier
    inner join {{ to_lines }} as later
        on
            earlier.from_entity = later.from_entity
            and earlier.to_entity = later.to_entity
            and earlier.pool = later.pool
            and earlier.sign = later.sign
            and earlier.begins < later.ends
            and earlier.ends > later.begins
{%- endmacro %}
