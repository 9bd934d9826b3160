-- If this fails, a customer or a marketing cost is lost or doubled on the way to its channel.
with

touches as (

    select
        touch,
        coalesce(sum(spend_amount), 0) as spend_amount,
        coalesce(sum(costs_missing_rate), 0) as costs_missing_rate,
        sum(customers_acquired) as customers_acquired
    from {{ ref('channel_acquisition') }}
    group by 1

),

given as (

    select
        coalesce(sum(case when currency_code = {{ reporting_currency() }} then amount end), 0) as amount,
        count(case when currency_code <> {{ reporting_currency() }} then 1 end) as in_other_currencies
    from {{ ref('marketing_costs') }}
    where cost_date <= {{ as_of() }}

),

paying as (

    select count(distinct customer_key) as customers_acquired
    from {{ ref('customer_acquisitions') }}

)

select
    touches.touch,
    touches.spend_amount,
    given.amount,
    touches.customers_acquired,
    paying.customers_acquired as customers_paying
from touches
cross join given
cross join paying
where
    -- Without payments fed it is not known who pays.
    touches.customers_acquired <> paying.customers_acquired
    or (given.in_other_currencies = 0 and touches.spend_amount <> given.amount)
    or touches.spend_amount < given.amount
