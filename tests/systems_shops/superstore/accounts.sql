-- Customers are persons; an order is sent wherever its goods go, so they have no address of their own.
select
    "Customer ID" as account_id,
    min("Customer Name") as name,
    min("Segment") as segment,
    true as is_customer,
    min(_file) as _file,
    min(_line) as _line
from superstore
group by 1
