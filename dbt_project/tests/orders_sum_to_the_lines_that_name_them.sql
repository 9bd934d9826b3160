-- If this fails, an order shows other money than its own lines.
{%- set columns = ladder_columns() | reject('in', ['cm2_amount', 'cm3_amount']) | list %}
with

levels as (

    {{ levels_of_steps() }}

),

lines as (

    select
        {%- for column in columns %}
            coalesce(sum({{ column }}), 0) as {{ column }},
        {%- endfor %}
        coalesce(sum(cm2_amount), 0) as cm2_amount
    from {{ ref('profitability_lines') }}
    where order_key is not null

),

orders as (

    select
        {%- for column in columns %}
            coalesce(sum({{ column }}), 0) as {{ column }},
        {%- endfor %}
        coalesce(sum({{ contribution_of_group(2) }}), 0) as cm2_amount,
        max(levels.level_of_goods) = 1
        and count(
            case when {{ has_no_known_cost('marts.') }} and marts.lines_missing_rate > 0 then 1 end
        ) = 0 as is_countable
    from {{ ref('order_profitability') }} as marts
    cross join levels

)

select
    lines.revenue_amount as revenue_of_lines,
    orders.revenue_amount as revenue_of_orders,
    lines.cm2_amount as cm2_of_lines,
    orders.cm2_amount as cm2_of_orders
from lines
cross join orders
where
    {%- for column in columns %}
        lines.{{ column }} <> orders.{{ column }} or
    {%- endfor %}
    (orders.is_countable and lines.cm2_amount <> orders.cm2_amount)
