-- Every deal that counts, with what the CRM says about it today.
with

deals as (

    select * from {{ ref('deals') }}

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}
    where anchor_kind = 'deal' and not is_excluded and deal_created_date <= {{ as_of() }}

)

select
    funnel_to_cash.deal_key,
    deals.source,
    deals.pipeline,
    deals.stage,
    deals.status,
    cast(funnel_to_cash.deal_amount as double) as amount,
    cast(deals.probability as double) * case when deals.probability > 1 then 0.01 else 1 end as crm_probability,
    funnel_to_cash.deal_created_date as created_date,
    case when deals.status <> 'open' then funnel_to_cash.closed_date end as closed_date,
    funnel_to_cash.expected_close_date
from funnel_to_cash
inner join deals on funnel_to_cash.deal_key = deals.deal_key
