-- A customer is known by a number alone; the country codes are of no public list.
select
    customer_id as account_id,
    customer_id as name,
    true as is_customer,
    min(_file) as _file,
    min(_line) as _line
from _invoices
group by customer_id
