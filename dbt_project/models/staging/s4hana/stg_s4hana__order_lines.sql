-- A rejected item stays with its value; a schedule line that confirms nothing promises nothing.
with

items as (

    select * from {{ raw('s4hana', 'sales_order_items') }}
    where not is_deleted

),

orders as (

    select * from {{ raw('s4hana', 'sales_orders') }}
    where not is_deleted

),

schedule_lines as (

    select
        source,
        sales_order,
        {{ unpadded('sales_order_item') }} as sales_order_item,
        min({{ none_date('requested_delivery_date') }}) as requested_date,
        max(
            case when confd_order_qty_by_matl_avail_check > 0 then {{ none_date('confirmed_delivery_date') }} end
        ) as promised_date,
        sum(delivered_qty_in_order_qty_unit) as quantity_delivered
    from {{ raw('s4hana', 'sales_order_schedule_lines') }}
    where not is_deleted
    group by 1, 2, 3

),

products as (

    select
        source,
        {{ unpadded('product') }} as product,
        product_type
    from {{ raw('s4hana', 'products') }}

),

renamed as (

    select
        items.source,
        {{ key('items.source', unpadded('items.sales_order'), unpadded('items.sales_order_item')) }} as order_line_key,
        {{ key('items.source', unpadded('items.sales_order')) }} as order_key,
        {{ key('items.source', unpadded('items.material')) }} as product_key,

        case
            when {{ none_text('items.material') }} is null then 'charge'
            when products.product_type in ('SERV', 'DIEN') then 'service'
            else 'goods'
        end as kind,
        {{ none_text('items.requested_quantity_unit') }} as unit_of_measure,
        {{ none_text('items.plant') }} as warehouse,

        cast({{ unpadded('items.sales_order_item') }} as integer) as sequence,
        items.requested_quantity as quantity,
        case
            when {{ none_text('items.sales_document_rjcn_reason') }} is not null
                then greatest(items.requested_quantity - coalesce(schedule_lines.quantity_delivered, 0), 0)
            else 0
        end as quantity_cancelled,
        items.net_amount / nullif(items.requested_quantity, 0) as unit_price,
        items.net_amount,

        coalesce(schedule_lines.requested_date, {{ none_date('orders.requested_delivery_date') }}) as requested_date,
        schedule_lines.promised_date
    from items
    inner join orders on items.source = orders.source and items.sales_order = orders.sales_order
    left join schedule_lines
        on
            items.source = schedule_lines.source
            and items.sales_order = schedule_lines.sales_order
            and {{ unpadded('items.sales_order_item') }} = schedule_lines.sales_order_item
    left join products
        on items.source = products.source and {{ unpadded('items.material') }} = products.product

)

select * from renamed
