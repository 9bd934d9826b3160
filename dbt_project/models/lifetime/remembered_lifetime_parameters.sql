select
    fitted_until_date,
    customers_counted,
    repeat_customers_counted,
    r,
    alpha,
    a,
    b,
    p,
    q,
    v,
    holdout_customers_counted,
    holdout_purchases_counted,
    holdout_purchases_expected,
    holdout_difference
from remembered.main.lifetime_parameters
