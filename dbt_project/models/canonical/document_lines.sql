with

items as (

    select
        products.product_key,
        coalesce(product_matches.item_key, products.product_key) as item_key
    from {{ ref('products') }} as products
    left join {{ ref('product_matches') }} as product_matches on products.product_key = product_matches.product_key

),

deal_lines as (

    select
        deal_lines.*,
        deals.currency_code,
        deal_line_products.item_key,
        deal_line_products.quantity_in_base_unit
    from {{ ref('deal_lines') }} as deal_lines
    inner join {{ ref('deals') }} as deals on deal_lines.deal_key = deals.deal_key
    left join {{ ref('deal_line_products') }} as deal_line_products
        on deal_lines.deal_line_key = deal_line_products.deal_line_key

),

order_lines as (

    select
        order_lines.*,
        orders.currency_code,
        orders.ordered_at
    from {{ ref('order_lines') }} as order_lines
    inner join {{ ref('orders') }} as orders on order_lines.order_key = orders.order_key

),

shipment_lines as (

    select
        shipment_lines.*,
        coalesce(order_lines.order_key, shipment_lines.order_key, shipments.order_key) as any_order_key,
        coalesce(shipments.shipped_at, shipments.created_at) as happened_at
    from {{ ref('shipment_lines') }} as shipment_lines
    inner join {{ ref('shipments') }} as shipments on shipment_lines.shipment_key = shipments.shipment_key
    left join order_lines on shipment_lines.order_line_key = order_lines.order_line_key

),

-- A line of an invoice that names only its shipment names by that the order line the shipment names.
invoice_lines as (

    select
        invoice_lines.*,
        coalesce(invoice_lines.order_line_key, shipment_lines.order_line_key) as any_order_line_key,
        coalesce(
            order_lines.order_key, shipment_lines.any_order_key, invoice_lines.order_key, invoices.order_key
        ) as any_order_key,
        invoices.currency_code,
        cast(invoices.issued_date as timestamp) as happened_at
    from {{ ref('invoice_lines') }} as invoice_lines
    inner join {{ ref('invoices') }} as invoices on invoice_lines.invoice_key = invoices.invoice_key
    left join shipment_lines on invoice_lines.shipment_line_key = shipment_lines.shipment_line_key
    left join order_lines on invoice_lines.order_line_key = order_lines.order_line_key
    -- Cancelled documents are links to nothing: they leave all money figures together with what cancels them.
    where not coalesce(invoices.is_cancelled, false)

),

lines as (

    select
        'deal_lines' as entity,
        deal_line_key as line_key,
        deal_key as document_key,
        cast(null as {{ dbt.type_string() }}) as order_key,
        cast(null as {{ dbt.type_string() }}) as order_line_key,
        cast(null as {{ dbt.type_string() }}) as shipment_line_key,
        item_key,
        product_key,
        currency_code,
        coalesce(quantity_in_base_unit, quantity) as quantity,
        net_amount,
        cast(null as timestamp) as happened_at
    from deal_lines
    union all
    select
        'order_lines' as entity,
        order_line_key as line_key,
        order_key as document_key,
        order_key,
        order_line_key,
        cast(null as {{ dbt.type_string() }}) as shipment_line_key,
        cast(null as {{ dbt.type_string() }}) as item_key,
        product_key,
        currency_code,
        quantity,
        net_amount,
        ordered_at as happened_at
    from order_lines
    union all
    select
        'shipment_lines' as entity,
        shipment_line_key as line_key,
        shipment_key as document_key,
        any_order_key as order_key,
        order_line_key,
        shipment_line_key,
        cast(null as {{ dbt.type_string() }}) as item_key,
        product_key,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        quantity,
        cast(null as decimal(18, 4)) as net_amount,
        happened_at
    from shipment_lines
    union all
    select
        'invoice_lines' as entity,
        invoice_line_key as line_key,
        invoice_key as document_key,
        any_order_key as order_key,
        any_order_line_key as order_line_key,
        shipment_line_key,
        cast(null as {{ dbt.type_string() }}) as item_key,
        product_key,
        currency_code,
        quantity,
        net_amount,
        happened_at
    from invoice_lines

)

select
    lines.entity || ' ' || lines.line_key as document_line_key,
    lines.line_key,
    lines.document_key,
    lines.order_key,
    lines.order_line_key,
    lines.shipment_line_key,
    coalesce(lines.item_key, items.item_key, lines.product_key) as item_key,
    lines.entity,
    lines.currency_code,
    cast(lines.quantity as decimal(18, 4)) as quantity,
    cast(lines.net_amount as decimal(18, 4)) as net_amount,
    lines.happened_at
from lines
left join items on lines.product_key = items.product_key
