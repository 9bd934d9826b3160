with

deals as (

    select * from {{ ref('deals') }}

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}

)

select
    deals.deal_key,
    funnel_to_cash.customer_key,
    deals.name as deal_name,
    funnel_to_cash.owner_key,
    funnel_to_cash.channel,
    deals.pipeline,
    deals.stage,
    deals.status,
    deals.currency_code,
    funnel_to_cash.reporting_currency_code,
    deals.amount as document_amount,
    funnel_to_cash.deal_amount as amount,
    deals.probability,
    funnel_to_cash.deal_created_date as created_date,
    deals.expected_close_date,
    funnel_to_cash.closed_date
from deals
inner join funnel_to_cash on funnel_to_cash.anchor_kind = 'deal' and deals.deal_key = funnel_to_cash.deal_key
where
    not funnel_to_cash.is_excluded
    and (funnel_to_cash.deal_created_date <= {{ as_of() }} or funnel_to_cash.deal_created_date is null)
