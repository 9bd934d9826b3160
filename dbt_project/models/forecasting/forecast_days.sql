-- What came on each day: the history of the figures that are forecast, and of what revenue has no order to follow.
with

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where is_revenue and issued_date <= {{ as_of() }} and net_reporting_amount is not null

),

orders as (

    select order_key from {{ ref('order_cycle_time') }}
    where
        ordered_date <= {{ as_of() }}
        and order_amount > 0
        and coalesce(status, 'open') <> 'draft'

),

-- The part of an invoice that orders stand for.
ordered_parts as (

    select
        document_shares.to_key as invoice_key,
        sum(document_shares.share) as share
    from {{ ref('document_shares') }} as document_shares
    inner join orders on document_shares.from_key = orders.order_key
    where document_shares.to_entity = 'invoices' and document_shares.from_entity = 'orders'
    group by 1

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

deals as (

    select * from {{ ref('funnel_to_cash') }}
    where is_won and not is_excluded and closed_date <= {{ as_of() }}

),

money as (

    select
        'revenue' as figure,
        issued_date as day,
        cast(net_reporting_amount as double) as amount
    from invoice_values
    union all
    select
        'revenue_without_order' as figure,
        invoice_values.issued_date as day,
        cast(invoice_values.net_reporting_amount as double)
        * case
            when invoice_values.invoice_kind = 'invoice' then 1 - cast(coalesce(ordered_parts.share, 0) as double)
            else 1
        end as amount
    from invoice_values
    left join ordered_parts on invoice_values.invoice_key = ordered_parts.invoice_key
    where coalesce(ordered_parts.share, 0) < 1 or invoice_values.invoice_kind <> 'invoice'
    union all
    select
        'cash' as figure,
        payments.paid_date as day,
        cast(payments.amount as double)
        * case
            when payments.currency_code = {{ reporting_currency() }} then 1
            else cast(reporting_rates.exchange_rate as double)
        end as amount
    from {{ ref('payments') }} as payments
    left join reporting_rates
        on payments.currency_code = reporting_rates.currency_code and payments.paid_date = reporting_rates.priced_date
    where payments.paid_date <= {{ as_of() }}
    union all
    select
        'cash' as figure,
        settlements.settled_date as day,
        cast(settlements.amount as double) * cast(invoice_values.exchange_rate as double) as amount
    from {{ ref('settlements') }} as settlements
    inner join {{ ref('invoice_values') }} as invoice_values on settlements.invoice_key = invoice_values.invoice_key
    where settlements.kind = 'payment' and settlements.payment_key is null
    union all
    select
        'won' as figure,
        closed_date as day,
        cast(won_amount as double) as amount
    from deals

)

select
    figure,
    day,
    -- Summed as decimals: the order in which rows come changes nothing.
    cast(sum(cast(amount as decimal(28, 6))) as double) as amount
from money
where amount is not null
group by 1, 2
