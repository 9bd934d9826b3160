-- What began on a day and what became of it on later days: orders that are invoiced, invoices that are paid, won deals
-- that are ordered, deals that are won. Summed by day here, so that their number never reaches Python.
with

orders as (

    select * from {{ ref('order_cycle_time') }}
    where
        ordered_date <= {{ as_of() }}
        and order_amount > 0
        and coalesce(status, 'open') <> 'draft'

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

-- An invoice of several orders is done for each of them by its share.
invoices_of_orders as (

    select
        to_key as invoice_key,
        from_key as order_key,
        cast(share as double) as share
    from {{ ref('document_shares') }}
    where to_entity = 'invoices' and from_entity = 'orders'

),

payment_expectations as (

    select
        *,
        least(cast(floor(days_expected / 10) as integer), 12) as class
    from {{ ref('payment_expectations') }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

deals as (

    select * from {{ ref('funnel_to_cash') }}
    where
        anchor_kind = 'deal'
        and not is_excluded
        and deal_amount is not null
        and deal_created_date <= {{ as_of() }}

),

invoicing_sources as (

    select source from {{ ref('coverage') }}
    where entity = 'invoices' and is_fed

),

paying_sources as (

    {{ sources_feeding('payment_allocations') }}

),

order_events as (

    select
        'order_to_invoice' as flow,
        0 as class,
        orders.ordered_date as started_date,
        'started' as event,
        orders.ordered_date as event_date,
        cast(orders.order_amount as double) as amount
    from orders
    inner join invoicing_sources on orders.source = invoicing_sources.source
    union all
    select
        'order_to_invoice' as flow,
        0 as class,
        orders.ordered_date as started_date,
        'done' as event,
        greatest(invoice_values.issued_date, orders.ordered_date) as event_date,
        cast(invoice_values.net_reporting_amount as double) * invoices_of_orders.share as amount
    from invoice_values
    inner join invoices_of_orders on invoice_values.invoice_key = invoices_of_orders.invoice_key
    inner join orders on invoices_of_orders.order_key = orders.order_key
    where invoice_values.invoice_kind = 'invoice' and invoice_values.net_reporting_amount is not null
    union all
    select
        'order_to_invoice' as flow,
        0 as class,
        ordered_date as started_date,
        'gone' as event,
        greatest(coalesce(cancelled_date, ordered_date), ordered_date) as event_date,
        cast(cancelled_amount as double) as amount
    from orders
    where cancelled_amount > 0

),

payment_events as (

    select
        'invoice_to_cash' as flow,
        payment_expectations.class,
        payment_expectations.issued_date as started_date,
        'started' as event,
        payment_expectations.issued_date as event_date,
        payment_expectations.amount
    from payment_expectations
    inner join invoice_values on payment_expectations.invoice_key = invoice_values.invoice_key
    inner join paying_sources on invoice_values.source = paying_sources.source
    union all
    select
        'invoice_to_cash' as flow,
        payment_expectations.class,
        payment_expectations.issued_date as started_date,
        case when settlements.kind = 'payment' then 'done' else 'gone' end as event,
        greatest(coalesce(settlements.paid_date, settlements.settled_date), payment_expectations.issued_date)
            as event_date,
        cast(settlements.amount as double) * cast(invoice_values.exchange_rate as double) as amount
    from settlements
    inner join payment_expectations on settlements.invoice_key = payment_expectations.invoice_key
    inner join invoice_values on settlements.invoice_key = invoice_values.invoice_key

),

deal_events as (

    select
        'deal_to_won' as flow,
        0 as class,
        deal_created_date as started_date,
        'started' as event,
        deal_created_date as event_date,
        cast(deal_amount as double) as amount
    from deals
    union all
    select
        'deal_to_won' as flow,
        0 as class,
        deal_created_date as started_date,
        case when is_won then 'done' else 'gone' end as event,
        greatest(closed_date, deal_created_date) as event_date,
        cast(deal_amount as double) as amount
    from deals
    where is_closed and closed_date <= {{ as_of() }}
    union all
    select
        'won_to_order' as flow,
        0 as class,
        closed_date as started_date,
        'started' as event,
        closed_date as event_date,
        cast(won_amount as double) as amount
    from deals
    where is_won and orders_counted is not null and closed_date <= {{ as_of() }}
    union all
    select
        'won_to_order' as flow,
        0 as class,
        closed_date as started_date,
        'done' as event,
        greatest(first_ordered_date, closed_date) as event_date,
        cast(won_amount as double) as amount
    from deals
    where is_won and orders_counted > 0 and closed_date <= {{ as_of() }}

),

events as (

    select * from order_events
    union all
    select * from payment_events
    union all
    select * from deal_events

)

select
    flow,
    class,
    started_date,
    event,
    event_date,
    -- Summed as decimals: the order in which rows come changes nothing.
    cast(sum(cast(amount as decimal(28, 6))) as double) as amount
from events
where event_date <= {{ as_of() }}
group by 1, 2, 3, 4, 5
