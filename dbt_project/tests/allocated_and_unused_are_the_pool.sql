-- If this fails, cost to serve was lost, doubled, or spread over customers who did not use it.
with

allocations as (

    select
        ladder_rows.cost_pool,
        sum(ladder_rows.cost_to_serve_amount) as amount
    from {{ ref('profitability_lines') }} as ladder_rows
    where ladder_rows.line_kind = 'cost_to_serve'
    group by 1

),

pools as (

    select
        pool,
        sum(amount) as amount,
        sum(allocated_amount) as allocated_amount,
        sum(unused_amount) as unused_amount
    from {{ ref('cost_pool_use') }}
    group by 1

)

select
    coalesce(pools.pool, allocations.cost_pool) as pool,
    pools.amount,
    pools.allocated_amount,
    pools.unused_amount,
    allocations.amount as amount_of_customers
from pools
full outer join allocations on pools.pool = allocations.cost_pool
where
    pools.allocated_amount + pools.unused_amount <> pools.amount
    or pools.unused_amount < 0
    or coalesce(pools.allocated_amount, 0) <> coalesce(allocations.amount, 0)
