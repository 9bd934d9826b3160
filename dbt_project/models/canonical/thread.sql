with

deals as (

    select * from {{ ref('deals') }}

),

quotes as (

    select * from {{ ref('quotes') }}

),

orders as (

    select * from {{ ref('orders') }}

),

order_origins as (

    select * from {{ ref('order_origins') }}

),

shipments as (

    select * from {{ ref('shipments') }}

),

shipment_lines as (

    select * from {{ ref('shipment_lines') }}

),

-- Cancelled documents are links to nothing: they leave all money figures together with what cancels them.
invoices as (

    select * from {{ ref('invoices') }}
    where not coalesce(is_cancelled, false)

),

invoice_lines as (

    select
        invoice_lines.*,
        coalesce(invoice_lines.order_key, invoices.order_key) as any_order_key,
        shipment_lines.shipment_key
    from {{ ref('invoice_lines') }} as invoice_lines
    inner join invoices on invoice_lines.invoice_key = invoices.invoice_key
    left join shipment_lines on invoice_lines.shipment_line_key = shipment_lines.shipment_line_key

),

payment_allocations as (

    select * from {{ ref('payment_allocations') }}

),

deal_leads as (

    select
        lead_key,
        deal_key
    from deals
    where lead_key is not null
    union
    select
        lead_key,
        deal_key
    from {{ ref('leads') }}
    where deal_key in (select deals.deal_key from deals)

),

order_shipments as (

    select
        order_key,
        shipment_key
    from shipments
    where order_key is not null
    union
    select
        order_key,
        shipment_key
    from shipment_lines
    where order_key is not null

),

-- A document that several records lead to is shared among them, by their own amounts where those are known.
shared_links as (

    select
        'leads' as from_entity,
        deal_leads.lead_key as from_key,
        'deals' as to_entity,
        deals.deal_key as to_key,
        'deal_of_lead' as link_method,
        deals.currency_code,
        deals.amount as document_amount,
        1 as weight
    from deal_leads
    inner join deals on deal_leads.deal_key = deals.deal_key

    union all

    select
        'deals' as from_entity,
        deals.deal_key as from_key,
        'quotes' as to_entity,
        quotes.quote_key as to_key,
        'deal_of_quote' as link_method,
        quotes.currency_code,
        quotes.net_amount as document_amount,
        1 as weight
    from quotes
    inner join deals on quotes.deal_key = deals.deal_key

    union all

    select
        order_origins.from_entity,
        order_origins.from_key,
        'orders' as to_entity,
        orders.order_key as to_key,
        order_origins.link_method,
        orders.currency_code,
        orders.net_amount as document_amount,
        greatest(coalesce(deals.amount, quotes.net_amount, 0), 0.01) as weight
    from order_origins
    inner join orders on order_origins.order_key = orders.order_key
    left join deals on order_origins.from_entity = 'deals' and order_origins.from_key = deals.deal_key
    left join quotes on order_origins.from_entity = 'quotes' and order_origins.from_key = quotes.quote_key

),

shares as (

    select
        *,
        row_number() over (partition by from_entity, to_entity, to_key order by from_key) as place,
        cast(
            document_amount * weight / sum(weight) over (partition by from_entity, to_entity, to_key) as decimal(18, 2)
        ) as share
    from shared_links

),

shared as (

    select
        from_entity,
        from_key,
        to_entity,
        to_key,
        link_method,
        currency_code,
        cast(
            case
                when place = 1
                    then document_amount - sum(share) over (partition by from_entity, to_entity, to_key) + share
                else share
            end as decimal(18, 4)
        ) as attributed_amount
    from shares

),

-- Sums are cast here: a union of decimal(38, 4) and decimal(38, 2) would be rounded to cents.
known as (

    select
        'orders' as from_entity,
        order_key as from_key,
        'shipments' as to_entity,
        shipment_key as to_key,
        'order_of_shipment' as link_method,
        null as currency_code,
        null as attributed_amount
    from order_shipments

    union all

    select
        'orders' as from_entity,
        invoice_lines.any_order_key as from_key,
        'invoices' as to_entity,
        invoices.invoice_key as to_key,
        'order_of_invoice' as link_method,
        invoices.currency_code,
        cast(sum(invoice_lines.net_amount) as decimal(18, 4)) as attributed_amount
    from invoice_lines
    inner join invoices on invoice_lines.invoice_key = invoices.invoice_key
    where invoice_lines.any_order_key is not null
    group by 2, 4, 6

    union all

    -- An invoice that came without lines still belongs to the order it names.
    select
        'orders' as from_entity,
        invoices.order_key as from_key,
        'invoices' as to_entity,
        invoices.invoice_key as to_key,
        'order_of_invoice' as link_method,
        invoices.currency_code,
        cast(invoices.net_amount as decimal(18, 4)) as attributed_amount
    from invoices
    left join invoice_lines on invoices.invoice_key = invoice_lines.invoice_key
    where invoices.order_key is not null and invoice_lines.invoice_key is null

    union all

    select
        'shipments' as from_entity,
        invoice_lines.shipment_key as from_key,
        'invoices' as to_entity,
        invoices.invoice_key as to_key,
        'shipment_of_invoice' as link_method,
        invoices.currency_code,
        cast(sum(invoice_lines.net_amount) as decimal(18, 4)) as attributed_amount
    from invoice_lines
    inner join invoices on invoice_lines.invoice_key = invoices.invoice_key
    where invoice_lines.shipment_key is not null
    group by 2, 4, 6

    union all

    select
        'invoices' as from_entity,
        corrects_invoice_key as from_key,
        'invoices' as to_entity,
        invoice_key as to_key,
        'corrected_invoice' as link_method,
        currency_code,
        net_amount as attributed_amount
    from invoices
    where corrects_invoice_key is not null

    union all

    select
        'invoices' as from_entity,
        payment_allocations.invoice_key as from_key,
        'payments' as to_entity,
        payment_allocations.payment_key as to_key,
        'payment_of_invoice' as link_method,
        invoices.currency_code,
        cast(sum(payment_allocations.amount) as decimal(18, 4)) as attributed_amount
    from payment_allocations
    inner join invoices on payment_allocations.invoice_key = invoices.invoice_key
    where payment_allocations.payment_key is not null
    group by 2, 4, 6

    union all

    select
        'orders' as from_entity,
        order_key as from_key,
        'payments' as to_entity,
        payment_key as to_key,
        'payment_of_order' as link_method,
        min(currency_code) as currency_code,
        cast(sum(amount) as decimal(18, 4)) as attributed_amount
    from payment_allocations
    where order_key is not null and invoice_key is null and payment_key is not null
    group by 2, 4

),

links as (

    select * from shared
    union all
    select * from known

)

select
    from_entity || ' ' || from_key || ' ' || to_entity || ' ' || to_key as thread_key,
    from_entity,
    from_key,
    to_entity,
    to_key,
    link_method,
    currency_code,
    cast(case when link_method like '%number_in%' then 0.99 else 1 end as decimal(5, 4)) as link_confidence,
    cast(attributed_amount as decimal(18, 4)) as attributed_amount
from links
