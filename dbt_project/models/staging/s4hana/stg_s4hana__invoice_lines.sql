-- Of a set that is sold as one, the main item has the price and its parts have the cost: the parts' cost goes up to the
-- main item, as the order tells what belongs to what, and a part without a price is no line of its own.
with

documents as (

    select * from {{ ref('stg_s4hana__billing_documents') }}

),

items as (

    select
        *,
        {{ unpadded('sales_document') }} as order_number,
        {{ unpadded('sales_document_item') }} as order_item
    from {{ raw('s4hana', 'billing_items') }}
    where not is_deleted

),

order_items as (

    select
        source,
        {{ unpadded('sales_order') }} as order_number,
        {{ unpadded('sales_order_item') }} as order_item,
        {{ unpadded('higher_level_item') }} as higher_item
    from {{ raw('s4hana', 'sales_order_items') }}

),

-- A part may have parts.
tops as (

    select
        parts.source,
        parts.order_number,
        parts.order_item,
        coalesce(wholes.higher_item, parts.higher_item) as top_item
    from order_items as parts
    left join order_items as wholes
        on
            parts.source = wholes.source
            and parts.order_number = wholes.order_number
            and parts.higher_item = wholes.order_item
    where parts.higher_item is not null

),

main_items as (

    select
        items.source,
        items.billing_document,
        items.billing_document_item,
        {{ first_known('mains.billing_document_item', 'mains.billing_document_item') }} as main_item
    from items
    inner join tops
        on
            items.source = tops.source
            and items.order_number = tops.order_number
            and items.order_item = tops.order_item
    inner join items as mains
        on
            items.source = mains.source
            and items.billing_document = mains.billing_document
            and items.order_number = mains.order_number
            and tops.top_item = mains.order_item
    where items.net_amount = 0
    group by 1, 2, 3

),

costs as (

    select
        items.source,
        items.billing_document,
        coalesce(main_items.main_item, items.billing_document_item) as billing_document_item,
        sum(items.cost_amount) as cost_amount
    from items
    left join main_items
        on
            items.source = main_items.source
            and items.billing_document = main_items.billing_document
            and items.billing_document_item = main_items.billing_document_item
    group by 1, 2, 3

),

shipment_lines as (

    select shipment_line_key from {{ ref('stg_s4hana__shipment_lines') }}

),

renamed as (

    select
        items.source,
        documents.invoice_key || ':' || {{ unpadded('items.billing_document_item') }} as invoice_line_key,
        documents.invoice_key,
        {{ key('items.source', 'items.order_number') }} as order_key,
        {{ key('items.source', 'items.order_number', 'items.order_item') }} as order_line_key,
        shipment_lines.shipment_line_key,
        {{ key('items.source', unpadded('items.material')) }} as product_key,
        {{ key('items.source', unpadded('items.reference_sd_document')) }} as reference_key,

        documents.sign * items.billing_quantity as quantity,
        documents.sign * items.net_amount as net_amount,
        documents.sign * costs.cost_amount as cost_amount
    from items
    inner join documents
        on items.source = documents.source and items.billing_document = documents.billing_document
    inner join costs
        on
            items.source = costs.source
            and items.billing_document = costs.billing_document
            and items.billing_document_item = costs.billing_document_item
    left join shipment_lines
        on
            {{ key(
                'items.source', unpadded('items.reference_sd_document'), unpadded('items.reference_sd_document_item')
            ) }} = shipment_lines.shipment_line_key

)

select * from renamed
