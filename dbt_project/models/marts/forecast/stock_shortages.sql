-- Who comes first by the day it is wanted takes first from the shelf: orders from the shelf of their warehouse, those
-- that name none from all warehouses, likely deals from what all orders leave in all warehouses.
with

item_stock as (

    select * from {{ ref('item_stock') }}

),

item_demand as (

    select
        *,
        greatest(wanted_date, {{ as_of() }}) as needed_date
    from {{ ref('item_demand') }}
    where
        quantity_open > 0
        and (demand_kind = 'order' or probability >= {{ figure_limit('shortage_probability') }})

),

stocked_items as (

    select
        item_key,
        min(product_key) as product_key,
        sum(quantity_on_hand) as quantity_on_hand
    from item_stock
    group by 1

),

from_their_warehouse as (

    select
        item_demand.*,
        coalesce(item_stock.quantity_on_hand, 0) as quantity_on_hand,
        sum(item_demand.quantity_open) over (
            partition by item_demand.item_key, item_demand.warehouse
            order by item_demand.needed_date, item_demand.wanted_date, item_demand.line_key
            rows unbounded preceding
        ) as quantity_so_far
    from item_demand
    inner join stocked_items on item_demand.item_key = stocked_items.item_key
    left join item_stock
        on item_demand.item_key = item_stock.item_key and item_demand.warehouse = item_stock.warehouse
    where item_demand.demand_kind = 'order' and item_demand.warehouse is not null

),

from_all_warehouses as (

    select
        item_demand.*,
        stocked_items.quantity_on_hand,
        case
            when item_demand.demand_kind = 'order'
                then
                    sum(case when item_demand.demand_kind = 'order' then item_demand.quantity_open end) over in_turn
            else sum(item_demand.quantity_open) over in_turn
        end as quantity_so_far
    from item_demand
    inner join stocked_items on item_demand.item_key = stocked_items.item_key
    window
        in_turn as (
            partition by item_demand.item_key
            order by
                item_demand.needed_date, case when item_demand.demand_kind = 'order' then 0 else 1 end,
                item_demand.wanted_date, item_demand.line_key
            rows unbounded preceding
        )

),

queued as (

    select * from from_their_warehouse
    union all
    select * from from_all_warehouses
    where demand_kind = 'deal' or warehouse is null

),

short as (

    select
        *,
        least(quantity_open, quantity_so_far - greatest(quantity_on_hand, 0)) as quantity_short
    from queued
    where quantity_so_far > greatest(quantity_on_hand, 0)

),

order_lines as (

    select * from {{ ref('order_lines') }}

),

order_line_promises as (

    select * from {{ ref('order_line_promises') }}

),

orders as (

    select * from {{ ref('order_cycle_time') }}

),

deal_lines as (

    select * from {{ ref('deal_lines') }}

),

lines_of_deals as (

    select
        deal_key,
        sum(net_amount) as net_amount
    from deal_lines
    group by 1

),

deals as (

    select * from {{ ref('deal_probabilities') }}

),

products as (

    select * from {{ ref('products') }}

)

select
    short.demand_kind || ' ' || short.line_key as stock_shortage_key,
    short.demand_kind,
    short.document_key,
    coalesce(orders.order_number, deals.deal_name) as document_name,
    short.line_key,
    short.item_key,
    stocked_items.product_key,
    products.sku,
    products.name as product_name,
    short.warehouse,
    coalesce(orders.customer_key, deals.customer_key, 'unknown') as customer_key,
    coalesce(orders.customer_name, deals.customer_name, 'unknown') as customer_name,
    coalesce(orders.owner_key, deals.owner_key) as owner_key,
    coalesce(orders.owner_name, deals.owner_name) as owner_name,
    {{ reporting_currency() }} as reporting_currency_code,
    coalesce(orders.source_url, deals.source_url) as source_url,
    cast(short.quantity_open as decimal(18, 4)) as quantity_wanted,
    cast(short.quantity_short as decimal(18, 4)) as quantity_short,
    cast(
        cast(coalesce(order_lines.net_amount, deal_lines.net_amount) as double)
        * case
            when orders.document_amount <> 0
                then cast(orders.order_amount as double) / cast(orders.document_amount as double)
            when deals.currency_code = {{ reporting_currency() }} then 1
            when lines_of_deals.net_amount <> 0
                then cast(deals.deal_amount as double) / cast(lines_of_deals.net_amount as double)
        end
        * case
            when short.demand_kind = 'deal'
                then cast(short.quantity_short as double) / cast(short.quantity_open as double)
            when order_line_promises.quantity > 0
                then
                    cast(short.quantity_short as double) / cast(short.quantity_open as double)
                    * cast(order_line_promises.quantity_backlog as double)
                    / cast(order_line_promises.quantity as double)
        end as decimal(18, 2)
    ) as short_amount,
    short.probability,
    short.wanted_date,
    short.needed_date as short_date
from short
inner join stocked_items on short.item_key = stocked_items.item_key
left join products on stocked_items.product_key = products.product_key
left join orders on short.demand_kind = 'order' and short.document_key = orders.order_key
left join order_lines on short.demand_kind = 'order' and short.line_key = order_lines.order_line_key
left join order_line_promises on short.demand_kind = 'order' and short.line_key = order_line_promises.order_line_key
left join deals on short.demand_kind = 'deal' and short.document_key = deals.deal_key
left join deal_lines on short.demand_kind = 'deal' and short.line_key = deal_lines.deal_line_key
left join lines_of_deals on deals.deal_key = lines_of_deals.deal_key
