-- Won deals that no order belongs to, drafts included, are the orphans of one step of the thread: the same deals.

with

funnel as (

    select
        count(case when funnel.orders_counted > 0 then 1 end) as linked_counted,
        count(case when funnel.orders_counted = 0 then 1 end) as orphans_counted,
        count(case when funnel.is_order_link_guessed then 1 end) as guessed_counted
    from {{ ref('funnel_to_cash') }} as funnel
    where funnel.bucket in ('won_ordered', 'won_not_ordered') and not funnel.is_excluded

),

thread as (

    select
        sum(linked_counted) as linked_counted,
        sum(orphans_counted) as orphans_counted,
        sum(guessed_counted) as guessed_counted
    from {{ ref('thread_coverage') }}
    where step = 'deals_to_orders' and side = 'earlier'

)

select
    funnel.*,
    thread.*
from funnel
cross join thread
where
    funnel.linked_counted <> thread.linked_counted
    or funnel.orphans_counted <> thread.orphans_counted
    or funnel.guessed_counted <> thread.guessed_counted
