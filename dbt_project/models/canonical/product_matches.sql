select
    cast(null as {{ dbt.type_string() }}) as product_key,
    cast(null as {{ dbt.type_string() }}) as item_key,
    cast(null as {{ dbt.type_string() }}) as source,
    cast(null as {{ dbt.type_string() }}) as sku,
    cast(null as {{ dbt.type_string() }}) as rule,
    cast(null as decimal(5, 4)) as confidence
from {{ ref('products') }}
where false
