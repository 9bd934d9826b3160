with

-- Floating point is for the parts only: the mart rounds each to cents and gives the rest a name.
won_deal_items as (

    select
        *,
        cast(won_amount as double) as won,
        cast(won_list_amount as double) as won_list,
        cast(ordered_amount as double) as ordered,
        cast(ordered_list_amount as double) as ordered_list,
        cast(ordered_quantity as double) / nullif(cast(won_quantity as double), 0) as part_ordered
    from {{ ref('won_deal_items') }}
    where is_comparable

),

-- Quantities are told apart at the deal's price, prices at the quantity that was ordered.
compared as (

    select
        *,
        won * (1 - coalesce(part_ordered, 1)) as quantity_effect,
        won * coalesce(part_ordered, 1) - ordered as price_effect,
        won_list * coalesce(part_ordered, 1) - ordered_list as list_price_effect
    from won_deal_items
    where won is not null and ordered is not null

),

-- A deal that names final prices only says nothing of its discount: unless the list price stayed, the price moved.
split as (

    select
        deal_key,
        quantity_effect,
        price_effect,
        case
            when
                abs(won_list - won) >= 0.01
                or abs(list_price_effect) < 0.01 + 0.005 * abs(coalesce(cast(ordered_quantity as double), 0))
                then list_price_effect
            else price_effect
        end as list_effect
    from compared

),

parts as (

    select
        deal_key,
        'quantity_changed' as kind,
        quantity_effect as amount
    from split
    union all
    select
        deal_key,
        'price_changed' as kind,
        list_effect
    from split
    union all
    select
        deal_key,
        'discount_changed' as kind,
        price_effect - list_effect as amount
    from split
    union all
    select
        deal_key,
        'product_dropped' as kind,
        won
    from won_deal_items
    where ordered is null
    union all
    select
        deal_key,
        'product_added' as kind,
        -ordered as amount
    from won_deal_items
    where won is null

)

select
    deal_key,
    kind,
    cast(sum(amount) as decimal(28, 10)) as document_amount
from parts
group by 1, 2
