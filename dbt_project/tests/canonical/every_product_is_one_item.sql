-- Every product has an item, whose key is that of a product in it. Otherwise lines of one article would be nobody's.
select
    products.product_key,
    product_matches.item_key
from {{ ref('products') }} as products
full outer join {{ ref('product_matches') }} as product_matches
    on products.product_key = product_matches.product_key
left join {{ ref('product_matches') }} as firsts on product_matches.item_key = firsts.product_key
where
    products.product_key is null
    or product_matches.product_key is null
    or coalesce(firsts.item_key, '') <> product_matches.item_key
