with

deals as (

    select * from {{ ref('deals') }}
    where status = 'won' and excluded_reason is null

),

orders as (

    select * from {{ ref('orders') }}
    where coalesce(status, '') <> 'draft'

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

document_shares as (

    select * from {{ ref('document_shares') }}
    where from_entity = 'deals' and to_entity = 'orders'

),

deal_order_differences as (

    select * from {{ ref('deal_order_differences') }}

),

order_lines as (

    select
        order_key,
        sum(net_amount) as net_amount
    from {{ ref('order_lines') }}
    group by 1

),

-- Nobody feeds orders: then nothing is known to be not ordered either.
steps as (

    select max(case when entity = 'orders' and is_fed then 1 else 0 end) as is_order_known
    from {{ ref('coverage') }}

),

won as (

    select
        deals.deal_key,
        deals.source,
        cast(deals.amount * reporting_rates.exchange_rate as decimal(18, 2)) as amount
    from deals
    cross join steps
    inner join reporting_rates
        on
            deals.currency_code = reporting_rates.currency_code
            and coalesce({{ local_date('deals.closed_at') }}, {{ as_of() }}) = reporting_rates.priced_date
    where
        steps.is_order_known = 1 and deals.amount is not null and reporting_rates.exchange_rate is not null

),

-- From the orders' side: every order at its own day's rate, shared among the deals that claim it.
ordered as (

    select
        document_shares.from_key as deal_key,
        cast(
            sum(
                document_shares.share
                * cast(
                    cast(coalesce(orders.net_amount, order_lines.net_amount) as decimal(18, 2))
                    * reporting_rates.exchange_rate as decimal(18, 2)
                )
            ) as decimal(18, 2)
        ) as amount
    from document_shares
    inner join orders on document_shares.to_key = orders.order_key
    left join order_lines on orders.order_key = order_lines.order_key
    left join reporting_rates
        on
            orders.currency_code = reporting_rates.currency_code
            and {{ local_date('orders.ordered_at') }} = reporting_rates.priced_date
    group by 1

),

-- What was ordered and then cancelled was ordered.
differing as (

    select
        deal_key,
        sum(difference_amount) as amount
    from deal_order_differences
    where kind <> 'order_cancelled'
    group by 1

)

select
    'won_to_ordered_and_explained' as check_code,
    won.source,
    'deals' as entity,
    {{ reporting_currency() }} as currency_code,
    sum(won.amount) as left_amount,
    sum(coalesce(ordered.amount, 0) + coalesce(differing.amount, 0)) as right_amount,
    0 as tolerance,
    cast(null as date) as period_month
from won
left join ordered on won.deal_key = ordered.deal_key
left join differing on won.deal_key = differing.deal_key
group by 2
