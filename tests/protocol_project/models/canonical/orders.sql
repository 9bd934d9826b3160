select
    order_key,
    order_number,
    account_key,
    net_amount,
    ordered_at
from {{ ref('stg_files__orders') }}
