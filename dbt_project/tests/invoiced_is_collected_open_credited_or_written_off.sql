-- If this warns, money between the invoice and the bank has no name: the leakage chart does not end at the cash.
{{ config(severity='warn') }}

select
    check_code,
    left_amount,
    right_amount,
    difference,
    tolerance
from {{ ref('reconciliation') }}
where check_code in ('invoiced_to_collected_and_open', 'invoiced_to_settled_and_open') and not is_ok
