{%- set promises = ['requested', 'first_promised', 'promised'] -%}
with

-- What is cancelled after today has not happened yet.
orders as (

    select
        *,
        is_cancelled and coalesce({{ local_date('cancelled_at') }} <= {{ as_of() }}, true) as is_called_off
    from {{ ref('orders') }}

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

product_units as (

    select * from {{ ref('product_units') }}

),

order_line_invoices as (

    select * from {{ ref('order_line_invoices') }}

),

limits as (

    select
        1 - cast({{ figure_limit('promise_tolerance') }} as double) as part_due,
        cast({{ figure_limit('promise_early_days') }} as bigint) as early_days

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
        coalesce(orders.is_called_off, false) as is_cancelled,
        coalesce(orders.is_called_off and orders.cancelled_by = 'us', false) as is_cancelled_by_us,
        coalesce(orders.status, '') <> 'completed' and not coalesce(orders.is_called_off, false) as is_open,
        shipping_sources.source is not null as is_shipping_known,
        ordered_units.unit_code,
        ordered_units.factor,
        count(*) over (partition by order_lines.order_key, order_lines.product_key) as lines_of_product,
        coalesce(order_lines.requested_date, orders.requested_date) as requested_date,
        coalesce(order_lines.first_promised_date, orders.first_promised_date) as first_promised_date,
        coalesce(order_lines.promised_date, orders.promised_date) as promised_date,
        case when orders.is_called_off then {{ local_date('orders.cancelled_at') }} end as cancelled_date
    from order_lines
    inner join orders on order_lines.order_key = orders.order_key
    left join shipping_sources on order_lines.source = shipping_sources.source
    left join product_units as ordered_units
        on
            coalesce(order_lines.product_key, '') = ordered_units.product_key
            and order_lines.unit_of_measure = ordered_units.unit_of_measure
    where
        (order_lines.kind = 'goods' or (order_lines.kind is null and order_lines.product_key is not null))
        and coalesce(orders.status, '') <> 'draft'

),

-- Where deliveries are reported at all, what has no proof of delivery has not arrived; where they never are, the day
-- the goods left counts. Returns are negative and undo no delivery.
movements as (

    select
        shipment_lines.order_line_key,
        coalesce(shipment_lines.order_key, shipments.order_key) as order_key,
        shipment_lines.product_key,
        shipment_lines.shipment_line_key,
        shipment_lines.quantity,
        {{ local_date('shipments.shipped_at') }} as shipped_date,
        case
            when {{ local_date('shipments.delivered_at') }} <= {{ as_of() }}
                then {{ local_date('shipments.delivered_at') }}
        end as delivered_date,
        max(case when {{ local_date('shipments.delivered_at') }} <= {{ as_of() }} then 1 else 0 end)
            over (partition by shipments.source) as is_delivery_reported,
        shipped_units.unit_code,
        shipped_units.factor
    from shipment_lines
    inner join shipments on shipment_lines.shipment_key = shipments.shipment_key
    left join product_units as shipped_units
        on
            coalesce(shipment_lines.product_key, '') = shipped_units.product_key
            and shipment_lines.unit_of_measure = shipped_units.unit_of_measure
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

-- A shipment that names the line counts for it, also where another product left in its place.
assigned as (

    select
        goods.order_line_key,
        movements.shipment_line_key,
        movements.quantity as quantity_as_shipped,
        movements.shipped_date,
        movements.delivered_date,
        movements.is_delivery_reported,
        movements.product_key <> goods.product_key as is_substitute,
        movements.unit_code <> goods.unit_code as has_other_unit,
        cast(movements.factor as double) / cast(goods.factor as double) as factor,
        cast(goods.quantity - coalesce(goods.quantity_cancelled, 0) as double) * limits.part_due as quantity_enough,
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
    cross join limits

),

converted as (

    select
        *,
        case
            when has_other_unit and factor is not null then {{ in_base_unit('quantity_as_shipped', 'factor') }}
            else quantity_as_shipped
        end as quantity,
        case when is_delivery_reported = 1 then delivered_date else shipped_date end as arrived_date
    from assigned

),

arrivals as (

    select
        *,
        sum(quantity) over (
            partition by order_line_key
            order by shipped_date, shipment_line_key
            rows unbounded preceding
        ) as quantity_so_far
    from converted

),

-- Split deliveries are summed before they are compared with the day promised.
summed as (

    select
        order_line_key,
        sum(quantity) as quantity_shipped,
        sum(case when is_substitute then quantity else 0 end) as quantity_substituted,
        {%- for promise in promises %}
            sum(case when arrived_date <= {{ promise }}_date then quantity else 0 end)
                as quantity_shipped_by_{{ promise }},
        {%- endfor %}
        max(case when has_other_unit and factor is null then 1 else 0 end) = 1 as is_unit_unknown,
        min(arrived_date) as first_arrived_date,
        min(shipped_date) as first_shipped_date,
        max(shipped_date) as last_shipped_date,
        min(delivered_date) as first_delivered_date,
        case when count(delivered_date) = count(*) then max(delivered_date) end as last_delivered_date,
        min(case when quantity_so_far >= quantity_enough then shipped_date end) as shipped_in_full_date
    from arrivals
    group by 1

),

-- What was not shipped of a cancelled order is cancelled, whether its lines say so or not.
cancelled as (

    select
        goods.*,
        case when goods.is_shipping_known then coalesce(summed.quantity_shipped, 0) end as quantity_shipped,
        case when goods.is_shipping_known then coalesce(summed.quantity_substituted, 0) end as quantity_substituted,
        coalesce(summed.is_unit_unknown, false) as is_unit_unknown,
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
        summed.first_arrived_date,
        summed.first_shipped_date,
        summed.last_shipped_date,
        summed.first_delivered_date,
        case when summed.shipped_in_full_date is not null then summed.last_delivered_date end as delivered_date,
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
        case when is_cancelled_by_us then quantity else quantity - quantity_called_off end as quantity_due,
        case
            when is_shipping_known and is_open then greatest(quantity - quantity_called_off - quantity_shipped, 0)
            when is_shipping_known then 0
        end as quantity_backlog
    from cancelled

),

limited as (

    select
        measured.*,
        limits.part_due,
        limits.early_days
    from measured
    cross join limits

),

-- On the day itself nothing is late yet. What came too early was not asked for then.
judged as (

    select
        *,
        {%- for promise in promises %}
            case
                when not is_shipping_known or {{ promise }}_date is null then null
                when quantity_due_on_{{ promise }} <= 0 then null
                when {{ promise }}_date >= {{ as_of() }} and not is_cancelled_by_us then null
                else
                    quantity_shipped_by_{{ promise }} >= cast(quantity_due_on_{{ promise }} as double) * part_due
                    and coalesce({{ days_between('first_arrived_date', promise ~ '_date') }} <= early_days, true)
            end as is_in_full_on_{{ promise }},
        {%- endfor %}
        least(quantity_shipped_by_first_promised, quantity_due_on_first_promised) as quantity_at_first_promise
    from limited

)

select
    judged.order_line_key,
    judged.order_key,
    judged.order_number,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    judged.product_key,
    products.name as product_name,
    judged.quantity,
    cast(judged.quantity_called_off as decimal(18, 4)) as quantity_cancelled,
    cast(judged.quantity_due as decimal(18, 4)) as quantity_due,
    {%- for promise in promises %}
        cast(judged.quantity_due_on_{{ promise }} as decimal(18, 4)) as quantity_due_on_{{ promise }},
    {%- endfor %}
    cast(judged.quantity_shipped as decimal(18, 4)) as quantity_shipped,
    cast(judged.quantity_substituted as decimal(18, 4)) as quantity_substituted,
    {%- for promise in promises %}
        cast(judged.quantity_shipped_by_{{ promise }} as decimal(18, 4)) as quantity_shipped_by_{{ promise }},
    {%- endfor %}
    cast(
        case when judged.is_in_full_on_first_promised is not null then judged.quantity_at_first_promise end
        as decimal(18, 4)
    ) as quantity_filled,
    cast(judged.quantity_backlog as decimal(18, 4)) as quantity_backlog,
    order_line_invoices.quantity_invoiced,
    {%- for promise in promises %}
        judged.is_in_full_on_{{ promise }},
    {%- endfor %}
    judged.is_unit_unknown,
    {%- for promise in promises %}
        judged.{{ promise }}_date,
    {%- endfor %}
    judged.first_shipped_date,
    judged.last_shipped_date,
    judged.shipped_in_full_date,
    judged.first_delivered_date,
    judged.delivered_date,
    order_line_invoices.first_invoiced_date,
    order_line_invoices.last_invoiced_date
from judged
left join account_matches on judged.account_key = account_matches.account_key
left join products on judged.product_key = products.product_key
left join order_line_invoices on judged.order_line_key = order_line_invoices.order_line_key
