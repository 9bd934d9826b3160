-- The due date is the day the customer wants it; nothing was promised. All orders are shipped.
select
    order_id,
    account_id,
    owner_id,
    order_id as order_number,
    customer_reference,
    channel,
    'completed' as status,
    net_amount,
    false as is_cancelled,
    cast(due_date as date) as requested_date,
    order_date as ordered_at,
    _file,
    _line
from _documents
