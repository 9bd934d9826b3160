-- If this warns, money of a won deal has no name between the deal and its orders, or has two: its differences do not
-- sum to what separates them.
{{ config(severity='warn') }}

with

named as (

    select
        deal_key,
        sum(difference_amount) as amount
    from {{ ref('deal_order_differences') }}
    group by 1

)

select
    funnel_to_cash.deal_key,
    funnel_to_cash.won_amount,
    funnel_to_cash.ordered_amount,
    funnel_to_cash.cancelled_amount,
    named.amount as named_amount
from {{ ref('funnel_to_cash') }} as funnel_to_cash
left join named on funnel_to_cash.deal_key = named.deal_key
where
    funnel_to_cash.bucket in ('won_ordered', 'won_not_ordered')
    and not funnel_to_cash.is_excluded
    and funnel_to_cash.won_amount
    <> funnel_to_cash.ordered_amount - funnel_to_cash.cancelled_amount + coalesce(named.amount, 0)
