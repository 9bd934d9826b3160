-- If this fails, money is in one page and not in another: the tables of profitability are sums of the same lines.
-- Over all time the two clocks give the same; CM3 only where cost pools cover the months of both. What a table does
-- not show, because nothing sold has a known cost, is counted again from its steps.
{%- set sides = {
    'customer_profitability': 'true', 'customer_profitability_by_cohort': 'true', 'product_profitability': 'true',
    'profitability_by_month by period': "clock = 'period'", 'profitability_by_month by cohort': "clock = 'cohort'"
} %}
{%- set shown = ladder_columns() | reject('in', ['cm2_amount', 'cm3_amount']) | list %}
{%- set columns = shown + ['revenue_without_cost_amount'] %}
with

levels as (

    {{ levels_of_steps() }}

),

lines as (

    select
        {%- for column in ladder_columns() %}
            coalesce(sum({{ column }}), 0) as {{ column }},
        {%- endfor %}
        coalesce(sum(case when is_cost_missing then revenue_amount end), 0) as revenue_without_cost_amount,
        coalesce(sum(cohort_cm3_amount), 0) as cohort_cm3_amount
    from {{ ref('profitability_lines') }}

),

sides as (
    {% for side, filter in sides.items() %}
        select
            '{{ side }}' as side,
            {%- for column in columns %}
                coalesce(sum({{ column }}), 0) as {{ column }},
            {%- endfor %}
            coalesce(sum({{ contribution_of_group(2) }}), 0) as cm2_amount,
            coalesce(sum({{ contribution_of_group(3) }}), 0) as cm3_amount,
            max(levels.level_of_goods) = 1
            and count(
                case when {{ has_no_known_cost('marts.') }} and marts.lines_missing_rate > 0 then 1 end
            ) = 0 as is_countable
        from {{ ref(side.split(' ')[0]) }} as marts
        cross join levels
        where {{ filter }}
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    sides.*,
    lines.revenue_amount as revenue_of_lines,
    lines.cm2_amount as cm2_of_lines,
    lines.cm3_amount as cm3_of_lines
from sides
cross join lines
where
    {%- for column in columns %}
        sides.{{ column }} <> lines.{{ column }} or
    {%- endfor %}
    (
        sides.is_countable
        and (
            sides.cm2_amount <> lines.cm2_amount
            or sides.cm3_amount
            <> case when sides.side like '%cohort' then lines.cohort_cm3_amount else lines.cm3_amount end
        )
    )
