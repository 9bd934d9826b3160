-- If this fails, cost to serve was lost, doubled, or spread over customers who did not use it.
with

-- What customers pay, counted from the rows of customers and not from the pools.
allocations as (

    select
        allocations.cost_pool_use_key,
        count(*) as rows_counted,
        sum(allocations.quantity) as quantity,
        sum(allocations.amount) as amount,
        coalesce(sum(profitability_lines.cost_to_serve_amount), 0) as amount_of_lines
    from {{ ref('cost_to_serve_allocations') }} as allocations
    left join {{ ref('profitability_lines') }} as profitability_lines
        on allocations.profitability_line_key = profitability_lines.profitability_line_key
    group by 1

),

-- What they should pay by what they used, in numbers that are not rounded.
expected as (

    select
        *,
        case
            when used_quantity = 0 then 0
            else
                cast(amount as double) * cast(used_quantity as double)
                / cast(greatest(practical_capacity, used_quantity) as double)
        end as expected_amount
    from {{ ref('cost_pool_use') }}

)

select
    coalesce(expected.cost_pool_use_key, allocations.cost_pool_use_key) as cost_pool_use_key,
    expected.amount,
    expected.expected_amount,
    expected.allocated_amount,
    expected.unused_amount,
    allocations.amount as amount_of_customers,
    allocations.amount_of_lines
from expected
full outer join allocations on expected.cost_pool_use_key = allocations.cost_pool_use_key
where
    expected.cost_pool_use_key is null
    or expected.unused_amount < 0
    or expected.amount - coalesce(allocations.amount, 0) <> expected.unused_amount
    or (expected.amount is null) <> (expected.allocated_amount is null)
    or (expected.amount is not null and coalesce(allocations.quantity, 0) <> expected.quantity)
    or coalesce(allocations.amount, 0) <> coalesce(allocations.amount_of_lines, 0)
    or abs(coalesce(allocations.amount, 0) - coalesce(expected.expected_amount, 0))
    > 0.0001 * greatest(coalesce(allocations.rows_counted, 0), 1)
