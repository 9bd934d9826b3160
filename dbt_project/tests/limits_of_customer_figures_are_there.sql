-- If this stops, a firm's own figure_limits.csv lacks a line, and customers would be ranked by a limit of nothing.
with

needed as (
    {% for limit in [
        'neutral_margin', 'discount_rate', 'clv_minimum_repeat_customers', 'clv_horizon_months',
        'clv_backtest_tolerance',
    ] %}
        select '{{ limit }}' as name
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select needed.name
from needed
left join {{ ref('figure_limits') }} as figure_limits on needed.name = figure_limits.name
where
    case
        when figure_limits.name is null
            then {{ stop_saying("'figure_limits.csv lacks a line for ' || needed.name || '.'") }} is null
    end
