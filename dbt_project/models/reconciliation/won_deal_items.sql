with

won_deal_orders as (

    select * from {{ ref('won_deal_orders') }}
    where is_one_currency and not is_shared and not is_rate_missing

),

links as (

    select
        from_key as deal_key,
        to_key as order_key
    from {{ ref('document_shares') }}
    where from_entity = 'deals' and to_entity = 'orders'

),

product_matches as (

    select * from {{ ref('product_matches') }}

),

deal_line_products as (

    select * from {{ ref('deal_line_products') }}

),

-- What a system sells, by its list of products.
catalogues as (

    select distinct
        products.source,
        coalesce(product_matches.item_key, products.product_key) as item_key
    from {{ ref('products') }} as products
    left join product_matches on products.product_key = product_matches.product_key

),

deal_lines as (

    select
        deal_lines.deal_key,
        deal_lines.source,
        coalesce(deal_line_products.item_key, product_matches.item_key, deal_lines.product_key) as item_key,
        coalesce(deal_line_products.quantity_in_base_unit, deal_lines.quantity) as quantity,
        coalesce(deal_lines.net_amount, deal_lines.quantity * deal_lines.unit_price, 0) as net_amount,
        -- A unit price is rounded: what it misses its line by is no discount.
        case
            when
                abs(deal_lines.quantity * deal_lines.unit_price - deal_lines.net_amount)
                <= 0.005 * abs(deal_lines.quantity) + 0.005
                then deal_lines.net_amount
            else coalesce(deal_lines.quantity * deal_lines.unit_price, deal_lines.net_amount, 0)
        end as list_amount
    from {{ ref('deal_lines') }} as deal_lines
    inner join won_deal_orders on deal_lines.deal_key = won_deal_orders.deal_key
    left join deal_line_products on deal_lines.deal_line_key = deal_line_products.deal_line_key
    left join product_matches on deal_lines.product_key = product_matches.product_key

),

order_lines as (

    select
        links.deal_key,
        order_lines.source,
        coalesce(product_matches.item_key, order_lines.product_key, 'no item') as item_key,
        order_lines.quantity,
        coalesce(
            order_lines.net_amount,
            order_lines.quantity * order_lines.unit_price - coalesce(order_lines.discount_amount, 0),
            0
        ) as net_amount,
        coalesce(order_lines.discount_amount, 0) as discount_amount
    from {{ ref('order_lines') }} as order_lines
    inner join links on order_lines.order_key = links.order_key
    inner join {{ ref('orders') }} as orders
        on order_lines.order_key = orders.order_key and coalesce(orders.status, '') <> 'draft'
    left join product_matches on order_lines.product_key = product_matches.product_key

),

-- A line that names no item cannot be found again in an order, nor can one say that it is missing there.
comparable_deals as (

    select deal_key
    from deal_lines
    group by 1
    having max(case when item_key is null and net_amount <> 0 then 1 else 0 end) = 0 and count(item_key) > 0

),

deal_items as (

    select
        deal_lines.deal_key,
        deal_lines.item_key,
        min(deal_lines.source) as source,
        sum(deal_lines.quantity) as quantity,
        sum(deal_lines.net_amount) as net_amount,
        sum(deal_lines.list_amount) as list_amount
    from deal_lines
    inner join comparable_deals on deal_lines.deal_key = comparable_deals.deal_key
    where deal_lines.item_key is not null
    group by 1, 2

),

order_items as (

    select
        order_lines.deal_key,
        order_lines.item_key,
        min(order_lines.source) as source,
        sum(order_lines.quantity) as quantity,
        sum(order_lines.net_amount) as net_amount,
        sum(order_lines.net_amount + order_lines.discount_amount) as list_amount
    from order_lines
    inner join comparable_deals on order_lines.deal_key = comparable_deals.deal_key
    group by 1, 2

),

both_sides as (

    select
        coalesce(deal_items.deal_key, order_items.deal_key) as deal_key,
        coalesce(deal_items.item_key, order_items.item_key) as item_key,
        deal_items.quantity as won_quantity,
        deal_items.net_amount as won_amount,
        deal_items.list_amount as won_list_amount,
        order_items.quantity as ordered_quantity,
        order_items.net_amount as ordered_amount,
        order_items.list_amount as ordered_list_amount,
        max(deal_items.source) over one_deal as deal_source,
        max(order_items.source) over one_deal as order_source
    from deal_items
    full outer join order_items
        on deal_items.deal_key = order_items.deal_key and deal_items.item_key = order_items.item_key
    window one_deal as (partition by coalesce(deal_items.deal_key, order_items.deal_key))

),

-- An item the ERP does not list may be there under another number: neither its line nor the order's is missing then.
known as (

    select
        both_sides.*,
        order_catalogue.item_key is not null as is_in_orders_catalogue,
        deal_catalogue.item_key is not null as is_in_deals_catalogue,
        max(case when both_sides.ordered_amount is null and order_catalogue.item_key is null then 1 else 0 end)
            over (partition by both_sides.deal_key)
        = 1 as has_stranger,
        max(case when both_sides.won_amount is not null and both_sides.ordered_amount is not null then 1 else 0 end)
            over (partition by both_sides.deal_key)
        = 1 as has_common_item
    from both_sides
    left join catalogues as order_catalogue
        on both_sides.order_source = order_catalogue.source and both_sides.item_key = order_catalogue.item_key
    left join catalogues as deal_catalogue
        on both_sides.deal_source = deal_catalogue.source and both_sides.item_key = deal_catalogue.item_key

)

select
    deal_key,
    item_key,
    won_quantity,
    won_amount,
    won_list_amount,
    ordered_quantity,
    ordered_amount,
    ordered_list_amount,
    case
        when not has_common_item then false
        when won_amount is not null and ordered_amount is not null then true
        when won_amount is not null then is_in_orders_catalogue
        else is_in_deals_catalogue or not has_stranger
    end as is_comparable
from known
