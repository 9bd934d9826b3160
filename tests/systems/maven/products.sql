select
    product as product_id,
    product as sku,
    product as name,
    series as category,
    sales_price as list_price,
    _file,
    _line
from products
