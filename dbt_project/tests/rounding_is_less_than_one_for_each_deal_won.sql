-- If this fails, a step that nobody named hides in the rounding of where won money went.
with

months as (

    select
        won_month,
        sum(case when step = 'rounding' then amount else 0 end) as rounding_amount,
        sum(deals_counted) as deals_counted
    from {{ ref('funnel_leakage') }}
    group by 1

)

select
    won_month,
    rounding_amount,
    deals_counted
from months
where abs(rounding_amount) >= deals_counted
