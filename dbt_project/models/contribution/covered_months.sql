select distinct cost_pool_months.month
from {{ ref('cost_pool_months') }} as cost_pool_months
inner join {{ ref('cost_pool_use') }} as cost_pool_use
    on cost_pool_months.cost_pool_use_key = cost_pool_use.cost_pool_use_key
where cost_pool_use.amount is not null
