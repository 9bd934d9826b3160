-- If this fails, an exchange difference is lost or counted twice: paid money no longer agrees with settled documents.
with

settlements as (

    select * from {{ ref('settlements') }}

),

-- Where the ERP booked the difference itself, the payment came at the document's rate.
booked as (

    select distinct invoice_key
    from settlements
    where kind = 'exchange'

),

paid as (

    select
        settlements.invoice_key,
        sum(cast(settlements.amount * invoice_values.exchange_rate as decimal(18, 2))) as settled_amount,
        sum(cast(settlements.amount * reporting_rates.exchange_rate as decimal(18, 2))) as paid_amount
    from settlements
    inner join {{ ref('invoice_values') }} as invoice_values on settlements.invoice_key = invoice_values.invoice_key
    inner join {{ ref('reporting_rates') }} as reporting_rates
        on
            settlements.currency_code = reporting_rates.currency_code
            and coalesce(settlements.paid_date, settlements.settled_date) = reporting_rates.priced_date
    left join booked on settlements.invoice_key = booked.invoice_key
    where
        settlements.kind = 'payment'
        and settlements.currency_code <> {{ reporting_currency() }}
        and invoice_values.exchange_rate is not null
        and reporting_rates.exchange_rate is not null
        and booked.invoice_key is null
    group by 1

),

differences as (

    select
        invoice_key,
        sum(difference_amount) as difference_amount
    from {{ ref('exchange_differences') }}
    where is_realised
    group by 1

)

select
    paid.invoice_key,
    paid.settled_amount,
    differences.difference_amount,
    paid.paid_amount
from paid
left join differences on paid.invoice_key = differences.invoice_key
where coalesce(paid.settled_amount + differences.difference_amount, 0) <> paid.paid_amount
