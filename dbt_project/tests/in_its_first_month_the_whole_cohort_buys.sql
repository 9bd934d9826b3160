-- If this fails, customers are in another cohort than that of their first purchase, or a later month has more of them
-- than ever came.
select
    cohort_month,
    months_since,
    customers_in_cohort,
    customers_active
from {{ ref('customer_retention') }}
where
    (is_month_over and months_since = 0 and customers_active <> customers_in_cohort)
    or customers_active > customers_in_cohort
    or (not is_month_over and coalesce(customers_active, revenue_amount, contribution_amount) is not null)
