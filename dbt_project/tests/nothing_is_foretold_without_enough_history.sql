-- If this fails, a customer has a lifetime value to come that no fitted model gave.
select
    customer_key,
    status,
    predicted_value_amount
from {{ ref('customer_lifetime_values') }}
where
    (status = 'predicted' and (predicted_value_amount is null or fitted_until_date is null))
    or (status <> 'predicted' and predicted_value_amount is not null)
    or probability_alive not between 0 and 1
    or purchases_expected_in_a_year < 0
