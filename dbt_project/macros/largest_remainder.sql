{#-
    Shares a total out by weight, in units of the fourth decimal, so that the parts sum to the total exactly: whole units
    first, what is left one unit each to the largest remainders, between equals by `tie`. `rows` is a relation or CTE with
    the columns named by `total` (one value in each `of`) and `weight` (not negative, not nothing in sum); its columns come
    back with `part_amount` beside them. Whole numbers of 128 bits, so nothing is rounded on the way. DuckDB only.
-#}
{% macro largest_remainder(rows, of, total, weight, tie) -%}
    select
        placed.* exclude (units, whole_units, remainder, place),
        cast(
            sign(placed.{{ total }}) * cast(
                placed.whole_units
                + case
                    when
                        placed.place
                        <= placed.units - sum(placed.whole_units) over (partition by {{ prefixed('placed', of) }})
                        then 1
                    else 0
                end as decimal(18, 0)
            ) * 0.0001 as decimal(18, 4)
        ) as part_amount
    from (
        select
            divided.*,
            row_number() over (
                partition by {{ prefixed('divided', of) }}
                order by divided.remainder desc, {{ prefixed('divided', tie) }}
            ) as place
        from (
            select
                weighed.* exclude (weight_units, weight_units_of_all),
                (weighed.units * weighed.weight_units) // weighed.weight_units_of_all as whole_units,
                (weighed.units * weighed.weight_units) % weighed.weight_units_of_all as remainder
            from (
                select
                    {{ rows }}.*,
                    cast(abs({{ rows }}.{{ total }}) * 10000 as hugeint) as units,
                    cast({{ rows }}.{{ weight }} * 10000 as hugeint) as weight_units,
                    cast(
                        sum({{ rows }}.{{ weight }}) over (partition by {{ prefixed(rows, of) }}) * 10000 as hugeint
                    ) as weight_units_of_all
                from {{ rows }}
            ) as weighed
        ) as divided
    ) as placed
{%- endmacro %}


{% macro prefixed(relation, columns) -%}
    {% for column in columns %}{{ relation }}.{{ column }}{{ ", " if not loop.last }}{% endfor %}
{%- endmacro %}
