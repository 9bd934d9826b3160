select
    "CustomerID" as account_id,
    "CompanyName" as name,
    "Phone" as phone,
    "Address" as street,
    "PostalCode" as postcode,
    "City" as city,
    "Region" as region,
    true as is_customer,
    _file,
    _line
from customers
