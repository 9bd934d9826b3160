{%- set promises = ['requested', 'first_promised', 'promised'] -%}
with

orders as (

    select * from {{ ref('orders') }}

),

order_lines as (

    select * from {{ ref('order_lines') }}

),

shipments as (

    select * from {{ ref('shipments') }}

),

shipment_lines as (

    select * from {{ ref('shipment_lines') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

products as (

    select * from {{ ref('products') }}

),

-- Where nobody tells us what was shipped, nothing can be said about promises.
shipping_sources as (

    select source
    from {{ ref('coverage') }}
    where entity = 'shipment_lines' and is_fed

),

-- A line's own date counts before its order's.
goods as (

    select
        order_lines.order_line_key,
        order_lines.order_key,
        order_lines.product_key,
        orders.account_key,
        orders.order_number,
        order_lines.quantity,
        order_lines.quantity_cancelled,
        coalesce(orders.is_cancelled, false) as is_cancelled,
        coalesce(orders.is_cancelled and orders.cancelled_by = 'us', false) as is_cancelled_by_us,
        shipping_sources.source is not null as is_shipping_known,
        count(*) over (partition by order_lines.order_key, order_lines.product_key) as lines_of_product,
        coalesce(order_lines.requested_date, orders.requested_date) as requested_date,
        coalesce(order_lines.first_promised_date, orders.first_promised_date) as first_promised_date,
        coalesce(order_lines.promised_date, orders.promised_date) as promised_date,
        {{ local_date('orders.cancelled_at') }} as cancelled_date
    from order_lines
    inner join orders on order_lines.order_key = orders.order_key
    left join shipping_sources on order_lines.source = shipping_sources.source
    where order_lines.kind = 'goods' or (order_lines.kind is null and order_lines.product_key is not null)

),

-- A carrier that reports deliveries is measured by them; one that never does, by the day the goods left.
-- Returns are negative and undo no delivery.
movements as (

    select
        shipment_lines.order_line_key,
        coalesce(shipment_lines.order_key, shipments.order_key) as order_key,
        shipment_lines.product_key,
        shipment_lines.shipment_line_key,
        shipment_lines.quantity,
        {{ local_date('shipments.shipped_at') }} as shipped_date,
        {{ local_date('shipments.delivered_at') }} as delivered_date,
        max(case when shipments.delivered_at is not null then 1 else 0 end)
            over (partition by shipments.source, coalesce(shipments.carrier, '')) as is_delivery_reported
    from shipment_lines
    inner join shipments on shipment_lines.shipment_key = shipments.shipment_key
    where
        shipment_lines.quantity > 0
        and shipments.shipped_at is not null
        and {{ local_date('shipments.shipped_at') }} <= {{ as_of() }}

),

-- A shipment line that names only its order belongs to the order's one line of that product.
only_lines as (

    select
        order_key,
        product_key,
        order_line_key
    from goods
    where lines_of_product = 1

),

arrivals as (

    select
        goods.order_line_key,
        movements.shipment_line_key,
        movements.quantity,
        movements.shipped_date,
        case when movements.is_delivery_reported = 1 then movements.delivered_date else movements.shipped_date end
            as arrived_date,
        sum(movements.quantity) over (
            partition by goods.order_line_key
            order by movements.shipped_date, movements.shipment_line_key
            rows unbounded preceding
        ) as quantity_so_far,
        goods.quantity - coalesce(goods.quantity_cancelled, 0) as quantity_due,
        goods.requested_date,
        goods.first_promised_date,
        goods.promised_date
    from movements
    left join only_lines
        on
            movements.order_line_key is null
            and movements.order_key = only_lines.order_key
            and movements.product_key = only_lines.product_key
    inner join goods on coalesce(movements.order_line_key, only_lines.order_line_key) = goods.order_line_key

),

-- Split deliveries are summed before they are compared with the day promised.
summed as (

    select
        order_line_key,
        sum(quantity) as quantity_shipped,
        {%- for promise in promises %}
            sum(case when arrived_date <= {{ promise }}_date then quantity else 0 end)
                as quantity_shipped_by_{{ promise }},
        {%- endfor %}
        min(case when quantity_so_far >= quantity_due then shipped_date end) as shipped_in_full_date
    from arrivals
    group by 1

),

-- What was not shipped of a cancelled order is cancelled, whether its lines say so or not.
cancelled as (

    select
        goods.*,
        case when goods.is_shipping_known then coalesce(summed.quantity_shipped, 0) end as quantity_shipped,
        case
            when goods.is_cancelled
                then
                    greatest(
                        coalesce(goods.quantity_cancelled, 0), goods.quantity - coalesce(summed.quantity_shipped, 0)
                    )
            else coalesce(goods.quantity_cancelled, 0)
        end as quantity_called_off,
        {%- for promise in promises %}
            case
                when goods.is_shipping_known and goods.{{ promise }}_date is not null
                    then coalesce(summed.quantity_shipped_by_{{ promise }}, 0)
            end as quantity_shipped_by_{{ promise }},
        {%- endfor %}
        summed.shipped_in_full_date
    from goods
    left join summed on goods.order_line_key = summed.order_line_key

),

-- What the customer cancels is not due on any day from then on; on an earlier day it was. What we cancel stays due.
measured as (

    select
        *,
        {%- for promise in promises %}
            case
                when is_cancelled_by_us or (is_cancelled and cancelled_date > {{ promise }}_date) then quantity
                else quantity - quantity_called_off
            end as quantity_due_on_{{ promise }},
        {%- endfor %}
        case when is_cancelled_by_us then quantity else quantity - quantity_called_off end as quantity_due
    from cancelled

)

select
    measured.order_line_key,
    measured.order_key,
    measured.order_number,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    measured.product_key,
    products.name as product_name,
    measured.quantity,
    cast(measured.quantity_called_off as decimal(18, 4)) as quantity_cancelled,
    cast(measured.quantity_due as decimal(18, 4)) as quantity_due,
    cast(measured.quantity_shipped as decimal(18, 4)) as quantity_shipped,
    {%- for promise in promises %}
        cast(measured.quantity_shipped_by_{{ promise }} as decimal(18, 4)) as quantity_shipped_by_{{ promise }},
    {%- endfor %}
    {%- for promise in promises %}
        case
            when not measured.is_shipping_known or measured.{{ promise }}_date is null then null
            when measured.quantity_due_on_{{ promise }} <= 0 then null
            when measured.{{ promise }}_date >= {{ as_of() }} and not measured.is_cancelled_by_us then null
            else measured.quantity_shipped_by_{{ promise }} >= measured.quantity_due_on_{{ promise }}
        end as is_in_full_on_{{ promise }},
    {%- endfor %}
    {%- for promise in promises %}
        measured.{{ promise }}_date,
    {%- endfor %}
    measured.shipped_in_full_date
from measured
left join account_matches on measured.account_key = account_matches.account_key
left join products on measured.product_key = products.product_key
