-- 32 numbers have two names: the first of the alphabet stands for the product.
select
    "Product ID" as product_id,
    "Product ID" as sku,
    min("Product Name") as name,
    min("Sub-Category") as category,
    min(_file) as _file,
    min(_line) as _line
from superstore
group by 1
