-- If this fails, what a page asks of whole months is another figure than the same asked day by day.
{%- set columns = [
    'quantity', 'document_amount', 'revenue_amount', 'cost_to_serve_amount', 'cm1_amount', 'cm2_amount', 'cm3_amount'
] %}
with

sides as (
    {% for side in ['profitability_lines', 'profitability_sums'] %}
        select
            '{{ side }}' as side,
            posted_month,
            ladder_step,
            {%- for column in columns %}
                coalesce(sum({{ column }}), 0) as {{ column }},
            {%- endfor %}
            {{ 'count(*)' if side == 'profitability_lines' else 'sum(lines_summed)' }} as lines_summed
        from {{ ref(side) }}
        group by 2, 3
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    posted_month,
    ladder_step
from sides
group by 1, 2
having
    count(*) <> 2
    {%- for column in columns + ['lines_summed'] %}
        or min({{ column }}) <> max({{ column }})
    {%- endfor %}
