with

cost_pool_use as (

    select * from {{ ref('cost_pool_use') }}

),

cost_to_serve_uses as (

    select * from {{ ref('cost_to_serve_uses') }}

),

used as (

    select
        cost_to_serve_uses.*,
        coalesce(cost_to_serve_uses.order_key, cost_to_serve_uses.account_key, '') as tie_key,
        cost_pool_use.allocated_amount,
        cost_pool_use.currency_code,
        cost_pool_use.exchange_rate_source,
        cost_pool_use.exchange_rate,
        cost_pool_use.exchange_rate_date
    from cost_to_serve_uses
    inner join cost_pool_use on cost_to_serve_uses.cost_pool_use_key = cost_pool_use.cost_pool_use_key
    where cost_pool_use.allocated_amount is not null

),

parts as (

    {{ largest_remainder(
        'used', ['cost_pool_use_key'], 'allocated_amount', 'used_quantity', ['tie_key', 'account_key', 'month']
    ) }}

)

select
    'cost_to_serve:' || cost_pool_use_key || ':' || coalesce(account_key, '') || ':' || coalesce(order_key, '') || ':'
    || cast(month as {{ dbt.type_string() }}) as profitability_line_key,
    cost_pool_use_key,
    pool as cost_pool,
    account_key,
    order_key,
    currency_code,
    exchange_rate_source,
    exchange_rate,
    quantity,
    part_amount as amount,
    happened_date as posted_date,
    exchange_rate_date
from parts
