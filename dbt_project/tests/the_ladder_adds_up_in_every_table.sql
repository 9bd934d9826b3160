-- If this fails, a page shows a ladder whose steps do not lead from one contribution to the next.
{%- set tables = {
    'customer_profitability': 'customer_profitability_key', 'customer_profitability_by_cohort': 'customer_profitability_key',
    'profitability_by_month': 'profitability_by_month_key', 'product_profitability': 'product_profitability_key',
    'order_profitability': 'order_key'
} %}
with

levels as (

    {{ levels_of_steps() }}

),

-- Off which contribution a step is taken, the ladder of the firm says.
steps as (
    {% for table, key in tables.items() %}
        select
            '{{ table }}' as mart,
            marts.{{ key }} as record_key,
            {{ has_no_known_cost('marts.') }} and coalesce(marts.cm2_amount, marts.cm3_amount) is not null
                as is_known_without_cost,
            coalesce(marts.gross_amount, 0) - coalesce(marts.discount_amount, 0) + marts.credited_amount
            - coalesce(marts.revenue_amount, 0) as off_revenue,
            {%- for level in (2, 3) %}
                marts.cm{{ level }}_amount - coalesce(marts.cm{{ level - 1 }}_amount, 0)
                {%- for step, column in ladder_amounts().items() %}
                    + case when levels.level_of_{{ step }} = {{ level }} then coalesce(marts.{{ column }}, 0) else 0 end
                {%- endfor %}
                    as off_cm{{ level }},
            {%- endfor %}
            levels.level_of_goods
        from {{ ref(table) }} as marts
        cross join levels
        where marts.lines_missing_rate = 0 and levels.level_of_goods = 1
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select *
from steps
where off_revenue <> 0 or off_cm2 <> 0 or off_cm3 <> 0 or is_known_without_cost
