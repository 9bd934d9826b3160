-- If this fails, an order shows other money than its own lines.
{%- set columns = ladder_columns() | reject('equalto', 'cm3_amount') | list %}
with

lines as (

    select
        {%- for column in columns %}
        coalesce(sum({{ column }}), 0) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('profitability_lines') }}
    where order_key is not null

),

orders as (

    select
        {%- for column in columns %}
        coalesce(sum({{ column }}), 0) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('order_profitability') }}

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
    lines.{{ column }} <> orders.{{ column }}{{ " or" if not loop.last }}
    {%- endfor %}
