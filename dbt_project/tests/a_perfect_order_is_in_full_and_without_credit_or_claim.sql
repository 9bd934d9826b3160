select
    order_key,
    is_perfect,
    is_in_full_on_committed,
    is_without_credit,
    is_without_claim
from {{ ref('order_cycle_time') }}
where
    (is_perfect and not (is_in_full_on_committed and is_without_credit and coalesce(is_without_claim, true)))
    or (not is_perfect and is_in_full_on_committed and is_without_credit and coalesce(is_without_claim, true))
    or (is_perfect is not null and is_in_full_on_committed is null)
