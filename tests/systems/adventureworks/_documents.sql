-- One row per order: all its lines agree on account, owner and dates.
select
    order_id,
    any_value(channel) as channel,
    any_value(account_id) as account_id,
    any_value(owner_id) as owner_id,
    any_value(customer_reference) as customer_reference,
    any_value(order_date) as order_date,
    any_value(due_date) as due_date,
    any_value(ship_date) as ship_date,
    round(sum(net_amount), 2) as net_amount,
    round(sum(tax_amount), 2) as tax_amount,
    sum(freight_amount) as freight_amount,
    any_value(_file) as _file,
    min(_line) as _line
from _lines
group by order_id
