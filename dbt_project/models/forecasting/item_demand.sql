-- What asks for goods: lines of orders of the last ninety days, what of them is still to be shipped, and lines of open
-- deals; in the unit of the item. A quantity in a unit that no conversion is known for is left out and counted.
with

orders as (

    select
        orders.*,
        {{ local_date('orders.ordered_at') }} as ordered_date
    from {{ ref('orders') }} as orders
    where
        coalesce(orders.status, 'open') <> 'draft'
        and {{ local_date('orders.ordered_at') }} <= {{ as_of() }}

),

order_line_promises as (

    select * from {{ ref('order_line_promises') }}

),

items as (

    select
        products.product_key,
        product_matches.item_key,
        {{ unit_code('products.unit_of_measure') }} as unit_code
    from {{ ref('products') }} as products
    inner join {{ ref('product_matches') }} as product_matches
        on products.product_key = product_matches.product_key

),

item_units as (

    select * from {{ ref('item_units') }}

),

ordered as (

    select
        order_lines.order_line_key,
        order_lines.order_key,
        order_lines.product_key,
        items.item_key,
        coalesce({{ unit_code('order_lines.unit_of_measure') }}, items.unit_code) as unit_code,
        orders.warehouse,
        orders.ordered_date,
        case
            when orders.is_cancelled then order_line_promises.quantity_shipped
            else greatest(order_lines.quantity - coalesce(order_lines.quantity_cancelled, 0), 0)
        end as quantity,
        case
            when orders.is_cancelled then 0
            else order_line_promises.quantity_backlog
        end as quantity_open,
        {{ days_between('orders.ordered_date', as_of()) }} < 90 as is_recent,
        coalesce(
            order_lines.promised_date, order_lines.requested_date, orders.promised_date, orders.requested_date,
            {{ as_of() }}
        ) as wanted_date
    from {{ ref('order_lines') }} as order_lines
    inner join orders on order_lines.order_key = orders.order_key
    inner join items on order_lines.product_key = items.product_key
    left join order_line_promises on order_lines.order_line_key = order_line_promises.order_line_key
    where
        coalesce(order_lines.kind, 'goods') = 'goods'
        and (
            {{ days_between('orders.ordered_date', as_of()) }} < 90
            or order_line_promises.quantity_backlog > 0
        )
        -- Of an order that was called off only what had left by then was wanted.
        and (not coalesce(orders.is_cancelled, false) or order_line_promises.quantity_shipped > 0)

),

-- A line that names no unit is in that of its product; where nobody names any, a piece is a piece.
converted as (

    select
        ordered.*,
        case when ordered.unit_code is null then 1 else item_units.factor end as factor
    from ordered
    left join item_units on ordered.item_key = item_units.item_key and ordered.unit_code = item_units.unit_code

)

select
    'order' as demand_kind,
    order_line_key as line_key,
    order_key as document_key,
    item_key,
    warehouse,
    case when is_recent then {{ in_base_unit('quantity', 'factor') }} end as quantity_of_90_days,
    {{ in_base_unit('quantity_open', 'factor') }} as quantity_open,
    cast(null as decimal(9, 6)) as probability,
    factor is null as is_unit_unknown,
    wanted_date
from converted
union all
select
    'deal' as demand_kind,
    deal_line_products.deal_line_key as line_key,
    deal_line_products.deal_key as document_key,
    deal_line_products.item_key,
    cast(null as {{ dbt.type_string() }}) as warehouse,
    cast(null as decimal(18, 4)) as quantity_of_90_days,
    deal_line_products.quantity_in_base_unit as quantity_open,
    deal_probabilities.probability,
    deal_line_products.quantity_in_base_unit is null as is_unit_unknown,
    coalesce(deal_probabilities.expected_close_date, {{ as_of() }}) as wanted_date
from {{ ref('deal_line_products') }} as deal_line_products
inner join {{ ref('deal_probabilities') }} as deal_probabilities
    on deal_line_products.deal_key = deal_probabilities.deal_key
where deal_line_products.item_key is not null
