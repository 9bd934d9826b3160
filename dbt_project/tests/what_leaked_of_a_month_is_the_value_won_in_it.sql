-- If this fails, the chart of where won money went does not begin at the value won, or counts a deal twice.
with

won as (

    select
        {{ month_of('closed_date') }} as won_month,
        sum(won_amount) as amount,
        count(*) as deals_counted
    from {{ ref('funnel_to_cash') }}
    where outcome = 'won' and won_amount is not null
    group by 1

),

leaked as (

    select
        won_month,
        sum(amount) as amount,
        sum(deals_counted) as deals_counted
    from {{ ref('funnel_leakage') }}
    group by 1

)

select
    won.won_month,
    won.amount as won_amount,
    leaked.amount as leaked_amount,
    won.deals_counted as won_deals,
    leaked.deals_counted as leaked_deals
from won
left join leaked on won.won_month is not distinct from leaked.won_month
where
    leaked.amount is null
    or won.amount <> leaked.amount
    or won.deals_counted <> leaked.deals_counted
