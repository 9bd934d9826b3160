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

document_lines as (

    select * from {{ ref('document_lines') }}

),

thread_lines as (

    select * from {{ ref('thread_lines') }}

),

-- Cancelled documents are links to nothing: they leave all money figures together with what cancels them.
invoices as (

    select * from {{ ref('invoices') }}
    where not coalesce(is_cancelled, false)

),

invoice_lines as (

    select
        invoices.invoice_key,
        invoices.currency_code,
        orders.order_key,
        document_lines.net_amount
    from document_lines
    inner join invoices on document_lines.document_key = invoices.invoice_key
    -- An order nobody knows is none: its invoice stays a bucket of its own.
    left join orders on document_lines.order_key = orders.order_key
    where document_lines.entity = 'invoice_lines'

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
        document_key as shipment_key
    from document_lines
    where entity = 'shipment_lines' and order_key is not null

),

-- What the lines of two documents share, the documents share.
document_pairs as (

    select
        replace(from_entity, '_lines', 's') as from_entity,
        from_key,
        replace(to_entity, '_lines', 's') as to_entity,
        to_key,
        min(currency_code) as currency_code,
        max(case when link_method = 'stated_line' then 1 else 0 end) as is_stated,
        min(link_confidence) as link_confidence,
        sum(attributed_amount) as attributed_amount
    from thread_lines
    group by 1, 2, 3, 4

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
        1 as weight,
        1 as link_confidence,
        false as is_guessed
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
        1 as weight,
        1 as link_confidence,
        false as is_guessed
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
        order_origins.share as weight,
        order_origins.link_confidence,
        order_origins.is_guessed
    from order_origins
    inner join orders on order_origins.order_key = orders.order_key

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
        link_confidence,
        is_guessed,
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
        order_shipments.order_key as from_key,
        'shipments' as to_entity,
        order_shipments.shipment_key as to_key,
        'order_of_shipment' as link_method,
        document_pairs.currency_code,
        1 as link_confidence,
        cast(document_pairs.attributed_amount as decimal(18, 4)) as attributed_amount
    from order_shipments
    left join document_pairs
        on
            document_pairs.from_entity = 'orders'
            and document_pairs.to_entity = 'shipments'
            and order_shipments.order_key = document_pairs.from_key
            and order_shipments.shipment_key = document_pairs.to_key

    union all

    select
        'orders' as from_entity,
        order_key as from_key,
        'invoices' as to_entity,
        invoice_key as to_key,
        'order_of_invoice' as link_method,
        currency_code,
        1 as link_confidence,
        cast(sum(net_amount) as decimal(18, 4)) as attributed_amount
    from invoice_lines
    where order_key is not null
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
        1 as link_confidence,
        cast(invoices.net_amount as decimal(18, 4)) as attributed_amount
    from invoices
    inner join orders on invoices.order_key = orders.order_key
    left join invoice_lines on invoices.invoice_key = invoice_lines.invoice_key
    where invoice_lines.invoice_key is null

    union all

    select
        'shipments' as from_entity,
        from_key,
        'invoices' as to_entity,
        to_key,
        case when is_stated = 1 then 'shipment_of_invoice' else 'same_order_line' end as link_method,
        currency_code,
        link_confidence,
        cast(attributed_amount as decimal(18, 4)) as attributed_amount
    from document_pairs
    where from_entity = 'shipments'

    union all

    select
        'invoices' as from_entity,
        corrects_invoice_key as from_key,
        'invoices' as to_entity,
        invoice_key as to_key,
        'corrected_invoice' as link_method,
        currency_code,
        1 as link_confidence,
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
        1 as link_confidence,
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
        1 as link_confidence,
        cast(sum(amount) as decimal(18, 4)) as attributed_amount
    from payment_allocations
    where order_key is not null and invoice_key is null and payment_key is not null
    group by 2, 4

),

links as (

    select
        from_entity,
        from_key,
        to_entity,
        to_key,
        link_method,
        currency_code,
        link_confidence,
        attributed_amount,
        is_guessed
    from shared
    union all
    select
        *,
        false as is_guessed
    from known

)

select
    from_entity || ' ' || from_key || ' ' || to_entity || ' ' || to_key as thread_key,
    from_entity,
    from_key,
    to_entity,
    to_key,
    link_method,
    currency_code,
    cast(link_confidence as decimal(5, 4)) as link_confidence,
    cast(attributed_amount as decimal(18, 4)) as attributed_amount,
    is_guessed
from links
