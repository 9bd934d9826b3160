-- If this warns, money of an order or an invoice is missing from funnel to cash, or is there twice.
{{ config(severity='warn') }}

select
    check_code,
    left_amount,
    right_amount,
    difference,
    tolerance
from {{ ref('reconciliation') }}
where check_code in ('orders_to_funnel_amount', 'invoices_to_funnel_amount') and not is_ok
