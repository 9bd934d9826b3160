with

cost_pool_periods as (

    select * from {{ ref('cost_pool_periods') }}

),

cost_to_serve_uses as (

    select * from {{ ref('cost_to_serve_uses') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

used as (

    select
        cost_pool_use_key,
        sum(quantity) as quantity,
        sum(used_quantity) as used_quantity
    from cost_to_serve_uses
    group by 1

),

valued as (

    select
        cost_pool_periods.*,
        reporting_rates.exchange_rate,
        coalesce(reporting_rates.exchange_rate_source, 'none') as exchange_rate_source,
        reporting_rates.exchange_rate_date,
        coalesce(used.quantity, 0) as quantity,
        coalesce(used.used_quantity, 0) as used_quantity,
        cast(cost_pool_periods.document_amount * reporting_rates.exchange_rate as decimal(18, 4)) as amount
    from cost_pool_periods
    left join used on cost_pool_periods.cost_pool_use_key = used.cost_pool_use_key
    left join reporting_rates
        on
            cost_pool_periods.currency_code = reporting_rates.currency_code
            and cost_pool_periods.priced_date = reporting_rates.priced_date

),

-- Capacity that nobody used stays with the pool: customers do not pay for a half empty warehouse.
allocated as (

    select
        *,
        case
            when amount is null then null
            when used_quantity = 0 then 0
            when used_quantity >= practical_capacity then amount
            else cast(cast(amount as double) * used_quantity / practical_capacity as decimal(18, 4))
        end as allocated_amount
    from valued

)

select
    cost_pool_use_key,
    pool,
    period,
    driver,
    currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    exchange_rate_source,
    reason,
    document_amount,
    exchange_rate,
    amount,
    cast(practical_capacity as decimal(18, 4)) as practical_capacity,
    cast(unit_time as decimal(18, 4)) as unit_time,
    cast(quantity as decimal(18, 4)) as quantity,
    cast(used_quantity as decimal(18, 4)) as used_quantity,
    cast(allocated_amount as decimal(18, 4)) as allocated_amount,
    cast(amount - allocated_amount as decimal(18, 4)) as unused_amount,
    used_quantity > practical_capacity as is_over_capacity,
    is_over,
    amount is null as is_rate_missing,
    starts_date,
    ends_date,
    exchange_rate_date
from allocated
