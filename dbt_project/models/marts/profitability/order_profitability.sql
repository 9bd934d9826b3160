with

-- An order may lie over several months: its cost to serve is known where pools cover all of them.
profitability_lines as (

    select
        *,
        case
            when cohort_cm3_amount is null and (cm2_amount is not null or cost_to_serve_amount is not null) then 1
            else 0
        end as is_outside_pools
    from {{ ref('profitability_lines') }}
    where order_key is not null

),

orders as (

    select
        *,
        {{ local_date('ordered_at') }} as ordered_date
    from {{ ref('orders') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

totals as (

    select
        order_key,
        max(customer_key) as line_customer_key,
        max(owner_key) as owner_key,
        max(owner_name) as owner_name,
        min(cohort_date) as first_date,
        {{- ladder_sums('case when max(is_outside_pools) = 0 then sum(cohort_cm3_amount) end') }}
    from profitability_lines
    group by 1

),

known as (

    select
        totals.*,
        orders.source,
        orders.source_url,
        orders.order_number,
        orders.account_key,
        orders.channel,
        orders.status,
        orders.ordered_date,
        coalesce(account_matches.customer_key, totals.line_customer_key) as customer_key
    from totals
    left join orders on totals.order_key = orders.order_key
    left join account_matches on orders.account_key = account_matches.account_key

)

select
    known.order_key,
    known.source,
    known.customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    known.account_key,
    known.order_number,
    known.status,
    known.owner_key,
    known.owner_name,
    known.channel,
    {{ reporting_currency() }} as reporting_currency_code,
    known.source_url,
    {{- ladder_shown('known') }},
    known.ordered_date,
    coalesce(known.ordered_date, known.first_date) as profit_date
from known
left join customers on known.customer_key = customers.customer_key
