{#- The day that is meant where day and month were exchanged; null where that is no other day. DuckDB only. -#}
{% macro swapped_day(day) -%}
    case
        when extract('day' from {{ day }}) <= 12 and extract('day' from {{ day }}) <> extract('month' from {{ day }})
            then
                make_date(
                    cast(extract('year' from {{ day }}) as bigint),
                    cast(extract('day' from {{ day }}) as bigint),
                    cast(extract('month' from {{ day }}) as bigint)
                )
    end
{%- endmacro %}


{#- Whether the days of an order cannot all be right; unknown ones say nothing. `days` gives each day's expression. -#}
{% macro impossible_order(days) -%}
    coalesce(
        {{ days.ordered }} > {{ as_of() }}
        {%- for later in ['approved', 'confirmed', 'first_shipped', 'requested', 'first_promised', 'promised'] %}
        or {{ days[later] }} < {{ days.ordered }}
        {%- endfor %}
        or {{ days.delivered }} < {{ days.first_shipped }},
        false
    )
{%- endmacro %}
