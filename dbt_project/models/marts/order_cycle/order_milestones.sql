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
    where issued_date <= {{ as_of() }}

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

site_calendars as (

    select * from {{ ref('site_calendars') }}

),

-- What a system does not feed is no step of its orders, and no order waits for it.
steps as (

    select
        source,
        max(case when entity = 'shipment_lines' and is_fed then 1 else 0 end) = 1 as is_shipping_known,
        max(case when entity = 'invoices' and is_fed then 1 else 0 end) = 1 as is_invoicing_known,
        max(case when entity = 'payment_allocations' and is_fed then 1 else 0 end) = 1 as is_payment_known,
        max(case when entity = 'order_events' and is_fed then 1 else 0 end) = 1 as is_log_known
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

-- What is not delivered yet is worth its part of the line.
undelivered as (

    select
        order_lines.order_key,
        sum(
            case
                when order_lines.quantity <> 0
                    then
                        cast(order_lines.net_amount as double) * cast(order_line_promises.quantity_backlog as double)
                        / cast(order_lines.quantity as double)
            end
        ) as undelivered_amount
    from order_line_promises
    inner join order_lines on order_line_promises.order_line_key = order_lines.order_line_key
    group by 1

),

-- An order keeps a promise when all its lines do; while a line is not due yet, it has neither kept nor broken it.
committed as (

    select
        *,
        case when promised_date is null then is_in_full_on_requested else is_in_full_on_promised end
            as is_in_full_on_committed,
        coalesce(promised_date, requested_date) as committed_date
    from order_line_promises

),

promises as (

    select
        order_key,
        {%- for promise in ['requested', 'first_promised', 'promised', 'committed'] %}
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
        max(case when quantity > 0 then 1 else 0 end) = 1 as has_goods_ordered,
        case
            when max(case when quantity_due > 0 and shipped_in_full_date is null then 1 else 0 end) = 0
                then max(shipped_in_full_date)
        end as shipped_in_full_date
    from committed
    group by 1

),

order_shipments as (

    select distinct
        coalesce(shipment_lines.order_key, shipments.order_key) as order_key,
        shipments.shipment_key,
        {{ local_date('shipments.shipped_at') }} as shipped_date,
        case
            when {{ local_date('shipments.delivered_at') }} <= {{ as_of() }}
                then {{ local_date('shipments.delivered_at') }}
        end as delivered_date
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
        min(delivered_date) as first_delivered_date,
        case when count(delivered_date) = count(*) then max(delivered_date) end as last_delivered_date
    from order_shipments
    group by 1

),

-- A source that never says when anything arrived or was packed is not waited for.
reporting_sources as (

    select
        source,
        count(case when {{ local_date('delivered_at') }} <= {{ as_of() }} then 1 end) > 0 as is_delivery_known,
        count(packed_at) > 0 as is_picking_known
    from shipments
    group by 1

),

-- Work in the warehouse begins with the first shipment planned, and ends when the last one is packed.
order_picks as (

    select distinct
        coalesce(shipment_lines.order_key, shipments.order_key) as order_key,
        shipments.shipment_key,
        {{ local_date('shipments.created_at') }} as picked_date,
        {{ local_date('shipments.packed_at') }} as packed_date
    from shipments
    inner join reporting_sources on shipments.source = reporting_sources.source and reporting_sources.is_picking_known
    left join shipment_lines on shipments.shipment_key = shipment_lines.shipment_key
    where coalesce(shipment_lines.quantity, 1) > 0 and {{ local_date('shipments.created_at') }} <= {{ as_of() }}

),

picked as (

    select
        order_key,
        min(picked_date) as first_picked_date,
        case when count(case when packed_date <= {{ as_of() }} then 1 end) = count(*) then max(packed_date) end
            as last_packed_date
    from order_picks
    group by 1

),

event_days as (

    select
        order_key,
        event,
        {{ local_date('happened_at') }} as happened_date
    from order_events
    where {{ local_date('happened_at') }} <= {{ as_of() }}

),

happened as (

    select
        order_key,
        max(case when event = 'approved' then happened_date end) as approved_date,
        min(case when event = 'production_started' then happened_date end) as production_started_date,
        case
            when
                count(case when event = 'production_finished' then 1 end)
                >= count(case when event = 'production_started' then 1 end)
                then max(case when event = 'production_finished' then happened_date end)
        end as production_finished_date,
        min(case when event in ('picking_started', 'picked') then happened_date end) as picked_date,
        max(case when event = 'packed' then happened_date end) as packed_date,
        max(case when event = 'accepted' then happened_date end) as accepted_date
    from event_days
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
        case when steps.is_shipping_known then coalesce(undelivered.undelivered_amount, 0) end
            as lines_undelivered_amount,
        coalesce(lines.lines_counted, 0) as lines_counted,
        coalesce(
            orders.is_cancelled and coalesce({{ local_date('orders.cancelled_at') }} <= {{ as_of() }}, true), false
        ) as is_cancelled,
        coalesce(steps.is_shipping_known, false) as is_shipping_known,
        coalesce(steps.is_invoicing_known, false) as is_invoicing_known,
        coalesce(steps.is_payment_known, false) as is_payment_known,
        coalesce(steps.is_log_known, false) as is_log_known,
        coalesce(reporting_sources.is_delivery_known, false) as is_delivery_known,
        site_calendars.country_code as calendar_country_code,
        max(case when {{ local_date('orders.confirmed_at') }} <= {{ as_of() }} then 1 else 0 end)
            over (partition by orders.source)
        = 1 as is_confirming,
        orders.requested_date,
        orders.first_promised_date,
        orders.promised_date,
        {{ local_date('orders.ordered_at') }} as ordered_date,
        case
            when {{ local_date('orders.confirmed_at') }} <= {{ as_of() }} then {{ local_date('orders.confirmed_at') }}
        end as confirmed_date,
        case
            when {{ local_date('orders.cancelled_at') }} <= {{ as_of() }} then {{ local_date('orders.cancelled_at') }}
        end as cancelled_date
    from orders
    left join lines on orders.order_key = lines.order_key
    left join undelivered on orders.order_key = undelivered.order_key
    left join steps on orders.source = steps.source
    left join reporting_sources on orders.source = reporting_sources.source
    left join site_calendars
        on orders.source = site_calendars.source and coalesce(orders.warehouse, '') = site_calendars.warehouse

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
        promises.is_in_full_on_committed,
        coalesce(promises.has_goods, false) as has_goods,
        coalesce(promises.has_goods_ordered, false) as has_goods_ordered,
        quoted.quoted_date,
        happened.approved_date,
        happened.production_started_date,
        happened.production_finished_date,
        coalesce(happened.picked_date, picked.first_picked_date) as picked_date,
        coalesce(happened.packed_date, picked.last_packed_date) as packed_date,
        happened.accepted_date,
        shipped.first_shipped_date,
        shipped.last_shipped_date,
        case when not dated.is_cancelled then promises.shipped_in_full_date end as shipped_in_full_date,
        shipped.first_delivered_date,
        case when promises.shipped_in_full_date is not null then shipped.last_delivered_date end as delivered_date,
        invoiced.first_invoiced_date,
        invoiced.last_invoiced_date,
        invoiced.settled_date,
        paid.first_paid_date,
        paid.last_paid_date
    from dated
    left join promises on dated.order_key = promises.order_key
    left join quoted on dated.order_key = quoted.order_key
    left join happened on dated.order_key = happened.order_key
    left join picked on dated.order_key = picked.order_key
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
    calendar_country_code,
    currency_code,
    status,
    hold_reason,
    cast(document_amount as decimal(18, 2)) as document_amount,
    cast(lines_cancelled_amount as decimal(18, 4)) as lines_cancelled_amount,
    cast(lines_undelivered_amount as decimal(18, 4)) as lines_undelivered_amount,
    cast(invoiced_document_amount as decimal(18, 4)) as invoiced_document_amount,
    cast(invoiced_amount as decimal(18, 2)) as invoiced_amount,
    lines_counted,
    shipments_counted,
    invoices_counted,
    is_cancelled,
    is_shipping_known,
    is_invoicing_known,
    is_payment_known,
    is_log_known,
    is_delivery_known,
    is_confirming,
    has_goods,
    has_goods_ordered,
    is_in_full_on_requested,
    is_in_full_on_first_promised,
    is_in_full_on_promised,
    is_in_full_on_committed,
    quoted_date,
    ordered_date,
    requested_date,
    first_promised_date,
    promised_date,
    approved_date,
    confirmed_date,
    production_started_date,
    production_finished_date,
    picked_date,
    packed_date,
    first_shipped_date,
    last_shipped_date,
    shipped_in_full_date,
    first_delivered_date,
    delivered_date,
    accepted_date,
    first_invoiced_date,
    last_invoiced_date,
    first_paid_date,
    last_paid_date,
    settled_date,
    cancelled_date
from followed
