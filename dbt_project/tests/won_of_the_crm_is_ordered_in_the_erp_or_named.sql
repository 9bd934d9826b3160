-- If this warns, what the deals say was won and what the orders say was ordered differ by more than the named
-- differences: a deal, or a part of an order, was lost on the way.
{{ config(severity='warn') }}

select
    check_code,
    source,
    left_amount as won_amount,
    right_amount as ordered_and_named_amount,
    difference
from {{ ref('reconciliation') }}
where check_code in ('won_to_ordered_and_explained', 'won_to_funnel_amount') and not coalesce(is_ok, false)
