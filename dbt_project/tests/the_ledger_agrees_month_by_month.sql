-- If this warns, a month in the ERP's general ledger differs from ours: something was booked past the
-- documents, or is missing here.
{{ config(severity='warn') }}

select
    check_code,
    source,
    period_month,
    left_amount as ledger_amount,
    right_amount as our_amount,
    difference
from {{ ref('reconciliation') }}
where check_code like 'ledger_%' and not is_ok
