with

orders as (

    select * from {{ ref('orders') }}

),

order_lines as (

    select * from {{ ref('order_lines') }}

),

order_line_promises as (

    select * from {{ ref('order_line_promises') }}

),

order_events as (

    select * from {{ ref('order_events') }}

),

quotes as (

    select * from {{ ref('quotes') }}

),

shipments as (

    select * from {{ ref('shipments') }}

),

shipment_lines as (

    select * from {{ ref('shipment_lines') }}

),

document_shares as (

    select * from {{ ref('document_shares') }}

),

thread as (

    select * from {{ ref('thread') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

receivables as (

    select * from {{ ref('receivables') }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

payment_allocations as (

    select * from {{ ref('payment_allocations') }}

),

payments as (

    select * from {{ ref('payments') }}

),

coverage as (

    select * from {{ ref('coverage') }}

),

-- What a system does not feed is no step of its orders, and no order waits for it.
steps as (

    select
        source,
        max(case when entity = 'shipment_lines' and is_fed then 1 else 0 end) = 1 as is_shipping_known,
        max(case when entity = 'invoices' and is_fed then 1 else 0 end) = 1 as is_invoicing_known,
        max(case when entity = 'payment_allocations' and is_fed then 1 else 0 end) = 1 as is_payment_known
    from coverage
    group by 1

),

lines as (

    select
        order_key,
        count(*) as lines_counted,
        sum(net_amount) as net_amount,
        sum(
            case
                when quantity <> 0
                    then
                        cast(net_amount as double) * cast(coalesce(quantity_cancelled, 0) as double)
                        / cast(quantity as double)
            end
        ) as cancelled_amount
    from order_lines
    group by 1

),

-- An order keeps a promise when all its lines do; while a line is not due yet, it has neither kept nor broken it.
promises as (

    select
        order_key,
        {%- for promise in ['requested', 'first_promised', 'promised'] %}
            case
                when max(case when not is_in_full_on_{{ promise }} then 1 else 0 end) = 1 then false
                when
                    max(
                        case
                            when
                                is_in_full_on_{{ promise }} is null
                                and quantity_due > 0
                                and {{ promise }}_date >= {{ as_of() }}
                                then 1
                            else 0
                        end
                    ) = 1
                    then null
                when count(is_in_full_on_{{ promise }}) > 0 then true
            end as is_in_full_on_{{ promise }},
        {%- endfor %}
        max(case when quantity_due > 0 then 1 else 0 end) = 1 as has_goods,
        case
            when max(case when quantity_due > 0 and shipped_in_full_date is null then 1 else 0 end) = 0
                then max(shipped_in_full_date)
        end as shipped_in_full_date
    from order_line_promises
    group by 1

),

order_shipments as (

    select distinct
        coalesce(shipment_lines.order_key, shipments.order_key) as order_key,
        shipments.shipment_key,
        {{ local_date('shipments.shipped_at') }} as shipped_date,
        {{ local_date('shipments.delivered_at') }} as delivered_date
    from shipments
    left join shipment_lines on shipments.shipment_key = shipment_lines.shipment_key
    where
        shipments.shipped_at is not null
        and {{ local_date('shipments.shipped_at') }} <= {{ as_of() }}
        and coalesce(shipment_lines.quantity, 1) > 0

),

shipped as (

    select
        order_key,
        count(*) as shipments_counted,
        min(shipped_date) as first_shipped_date,
        max(shipped_date) as last_shipped_date,
        case when count(delivered_date) = count(*) then max(delivered_date) end as last_delivered_date
    from order_shipments
    group by 1

),

approved as (

    select
        order_key,
        max({{ local_date('happened_at') }}) as approved_date
    from order_events
    where event = 'approved'
    group by 1

),

quoted as (

    select
        thread.to_key as order_key,
        min({{ local_date('coalesce(quotes.sent_at, quotes.created_at)') }}) as quoted_date
    from thread
    inner join quotes on thread.from_key = quotes.quote_key
    where thread.from_entity = 'quotes' and thread.to_entity = 'orders'
    group by 1

),

invoice_links as (

    select
        document_shares.from_key as order_key,
        document_shares.share,
        invoice_values.invoice_key,
        invoice_values.invoice_kind,
        invoice_values.net_amount,
        invoice_values.net_reporting_amount,
        invoice_values.issued_date,
        receivables.open_amount,
        receivables.settled_date
    from document_shares
    inner join invoice_values on document_shares.to_key = invoice_values.invoice_key
    left join receivables on invoice_values.invoice_key = receivables.invoice_key
    where document_shares.from_entity = 'orders'

),

invoiced as (

    select
        order_key,
        count(case when invoice_kind = 'invoice' then 1 end) as invoices_counted,
        sum(case when invoice_kind = 'invoice' then net_amount * share end) as document_amount,
        sum(case when invoice_kind = 'invoice' then net_reporting_amount * share end) as reporting_amount,
        min(case when invoice_kind = 'invoice' then issued_date end) as first_invoiced_date,
        max(case when invoice_kind = 'invoice' then issued_date end) as last_invoiced_date,
        case
            when
                count(
                    case when invoice_kind in ('invoice', 'prepayment') and coalesce(open_amount, 1) <> 0 then 1 end
                ) = 0
                then max(case when invoice_kind in ('invoice', 'prepayment') then settled_date end)
        end as settled_date
    from invoice_links
    group by 1

),

-- Money may come long before it is allocated, and before there is an invoice: the day it came counts.
paid as (

    select
        order_key,
        min(paid_date) as first_paid_date,
        max(paid_date) as last_paid_date
    from (
        select
            invoice_links.order_key,
            settlements.paid_date
        from invoice_links
        inner join settlements on invoice_links.invoice_key = settlements.invoice_key
        where settlements.kind = 'payment' and settlements.amount > 0
        union all
        select
            payment_allocations.order_key,
            coalesce(payments.paid_date, payment_allocations.allocated_date) as paid_date
        from payment_allocations
        left join payments on payment_allocations.payment_key = payments.payment_key
        where
            payment_allocations.kind = 'payment'
            and payment_allocations.order_key is not null
            and payment_allocations.amount > 0
            and payment_allocations.allocated_date <= {{ as_of() }}
    ) as receipts
    group by 1

),

dated as (

    select
        orders.order_key,
        orders.order_number,
        orders.source,
        orders.source_url,
        orders.account_key,
        orders.owner_key,
        orders.channel,
        orders.warehouse,
        orders.currency_code,
        orders.status,
        orders.hold_reason,
        coalesce(orders.net_amount, lines.net_amount) as document_amount,
        lines.cancelled_amount as lines_cancelled_amount,
        coalesce(lines.lines_counted, 0) as lines_counted,
        coalesce(orders.is_cancelled, false) as is_cancelled,
        coalesce(steps.is_shipping_known, false) as is_shipping_known,
        coalesce(steps.is_invoicing_known, false) as is_invoicing_known,
        coalesce(steps.is_payment_known, false) as is_payment_known,
        max(case when orders.confirmed_at is not null then 1 else 0 end) over (partition by orders.source) = 1
            as is_confirming,
        orders.requested_date,
        orders.first_promised_date,
        orders.promised_date,
        {{ local_date('orders.ordered_at') }} as ordered_date,
        {{ local_date('orders.confirmed_at') }} as confirmed_date,
        {{ local_date('orders.cancelled_at') }} as cancelled_date
    from orders
    left join lines on orders.order_key = lines.order_key
    left join steps on orders.source = steps.source

),

followed as (

    select
        dated.*,
        case when dated.is_shipping_known then coalesce(shipped.shipments_counted, 0) end as shipments_counted,
        case when dated.is_invoicing_known then coalesce(invoiced.invoices_counted, 0) end as invoices_counted,
        case when dated.is_invoicing_known then coalesce(invoiced.document_amount, 0) end as invoiced_document_amount,
        case when dated.is_invoicing_known then coalesce(invoiced.reporting_amount, 0) end as invoiced_amount,
        promises.is_in_full_on_requested,
        promises.is_in_full_on_first_promised,
        promises.is_in_full_on_promised,
        coalesce(promises.has_goods, false) as has_goods,
        quoted.quoted_date,
        approved.approved_date,
        shipped.first_shipped_date,
        shipped.last_shipped_date,
        case when not dated.is_cancelled then promises.shipped_in_full_date end as shipped_in_full_date,
        case when promises.shipped_in_full_date is not null then shipped.last_delivered_date end as delivered_date,
        invoiced.first_invoiced_date,
        invoiced.last_invoiced_date,
        invoiced.settled_date,
        paid.first_paid_date,
        paid.last_paid_date
    from dated
    left join promises on dated.order_key = promises.order_key
    left join quoted on dated.order_key = quoted.order_key
    left join approved on dated.order_key = approved.order_key
    left join shipped on dated.order_key = shipped.order_key
    left join invoiced on dated.order_key = invoiced.order_key
    left join paid on dated.order_key = paid.order_key

)

select
    order_key,
    order_number,
    source,
    source_url,
    account_key,
    owner_key,
    channel,
    warehouse,
    currency_code,
    status,
    hold_reason,
    cast(document_amount as decimal(18, 2)) as document_amount,
    cast(lines_cancelled_amount as decimal(18, 4)) as lines_cancelled_amount,
    cast(invoiced_document_amount as decimal(18, 4)) as invoiced_document_amount,
    cast(invoiced_amount as decimal(18, 2)) as invoiced_amount,
    lines_counted,
    shipments_counted,
    invoices_counted,
    is_cancelled,
    is_shipping_known,
    is_invoicing_known,
    is_payment_known,
    is_confirming,
    has_goods,
    is_in_full_on_requested,
    is_in_full_on_first_promised,
    is_in_full_on_promised,
    quoted_date,
    ordered_date,
    requested_date,
    first_promised_date,
    promised_date,
    approved_date,
    confirmed_date,
    first_shipped_date,
    last_shipped_date,
    shipped_in_full_date,
    delivered_date,
    first_invoiced_date,
    last_invoiced_date,
    first_paid_date,
    last_paid_date,
    settled_date,
    cancelled_date
from followed
