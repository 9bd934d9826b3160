select
    products."ProductID" as product_id,
    products."ProductID" as sku,
    products."ProductName" as name,
    categories."CategoryName" as category,
    cast(products."UnitPrice" as decimal(18, 4)) as list_price,
    products._file,
    products._line
from products
left join categories on products."CategoryID" = categories."CategoryID"
