-- The list under our names. Sales are net of the discount, which is a part of the price before it.
select
    "Row ID" as line_id,
    "Order ID" as order_id,
    "Customer ID" as account_id,
    "Product ID" as product_id,
    cast("Quantity" as decimal(18, 4)) as quantity,
    cast("Sales" as decimal(18, 4)) as net_amount,
    cast("Sales" as decimal(18, 4)) - cast("Profit" as decimal(18, 4)) as cost_amount,
    cast(
        cast("Sales" as double) * cast("Discount" as double) / (1 - cast("Discount" as double)) as decimal(18, 4)
    ) as discount_amount,
    cast("Order Date" as date) as order_date,
    cast("Ship Date" as date) as ship_date,
    "Ship Mode" as ship_mode,
    _file,
    _line
from superstore
