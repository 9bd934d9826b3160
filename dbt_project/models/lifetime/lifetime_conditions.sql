select
    {{ figure_limit('clv_minimum_repeat_customers') }} as minimum_repeat_customers,
    {{ figure_limit('discount_rate') }} as discount_rate,
    {{ figure_limit('clv_horizon_months') }} as horizon_months,
    {{ quarter_of(as_of()) }} as fitted_until_date,
    {{ as_of() }} as as_of_date
