select
    cast(null as {{ dbt.type_string() }}) as account_pair_key,
    cast(null as {{ dbt.type_string() }}) as account_key,
    cast(null as {{ dbt.type_string() }}) as other_account_key,
    cast(null as {{ dbt.type_string() }}) as rule,
    cast(null as {{ dbt.type_string() }}) as outcome,
    cast(null as {{ dbt.type_string() }}) as reason,
    cast(null as {{ dbt.type_string() }}) as agreed,
    cast(null as {{ dbt.type_string() }}) as disagreed,
    cast(null as {{ dbt.type_string() }}) as evidence,
    cast(null as decimal(9, 4)) as score,
    cast(null as decimal(5, 4)) as confidence
from {{ ref('accounts') }}
where false
