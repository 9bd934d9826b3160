-- A product's number is kept when its cost changes; each state is a row, and sales point to the state.
select
    product.ProductKey as product_id,
    product.ProductAlternateKey as sku,
    product.EnglishProductName as name,
    category.EnglishProductCategoryName as category,
    product.StandardCost as unit_cost,
    product.ListPrice as list_price,
    product._file,
    product._line
from DimProduct as product
left join DimProductSubcategory as subcategory on product.ProductSubcategoryKey = subcategory.ProductSubcategoryKey
left join DimProductCategory as category on subcategory.ProductCategoryKey = category.ProductCategoryKey
