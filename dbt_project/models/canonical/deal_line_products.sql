select
    cast(null as {{ dbt.type_string() }}) as deal_line_key,
    cast(null as {{ dbt.type_string() }}) as deal_key,
    cast(null as {{ dbt.type_string() }}) as item_key,
    cast(null as {{ dbt.type_string() }}) as proposed_item_key,
    cast(null as {{ dbt.type_string() }}) as rule,
    cast(null as decimal(5, 4)) as confidence,
    cast(null as decimal(18, 4)) as quantity_in_base_unit
from {{ ref('deal_lines') }}
where false
