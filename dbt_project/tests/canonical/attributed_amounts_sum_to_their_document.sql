-- A document that several records lead to is shared among them without rest: neither counted twice nor lost.
with

documents as (

    select
        'deals' as to_entity,
        deal_key as to_key,
        amount as net_amount
    from {{ ref('deals') }}
    union all
    select
        'quotes' as to_entity,
        quote_key as to_key,
        net_amount
    from {{ ref('quotes') }}
    union all
    select
        'orders' as to_entity,
        order_key as to_key,
        net_amount
    from {{ ref('orders') }}
    union all
    -- An invoice is linked by those of its lines that belong to an order.
    select
        'invoices' as to_entity,
        document_key as to_key,
        sum(net_amount) as net_amount
    from {{ ref('document_lines') }}
    where entity = 'invoice_lines' and order_key is not null
    group by 1, 2

),

attributed as (

    select
        from_entity,
        to_entity,
        to_key,
        sum(attributed_amount) as attributed_amount
    from {{ ref('thread') }}
    where link_method not in ('corrected_invoice', 'shipment_of_invoice', 'same_order_line')
    group by 1, 2, 3

)

select
    attributed.*,
    documents.net_amount
from attributed
inner join documents on attributed.to_entity = documents.to_entity and attributed.to_key = documents.to_key
where attributed.attributed_amount != documents.net_amount
