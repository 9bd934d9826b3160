-- Every open deal that counts, also one in no stage: nothing is known about it then, and the row says so.
with

deals as (

    select
        deal_standing.*,
        funnel_to_cash.deal_name,
        funnel_to_cash.customer_key,
        funnel_to_cash.customer_name,
        funnel_to_cash.owner_key,
        funnel_to_cash.owner_name,
        funnel_to_cash.channel,
        funnel_to_cash.currency_code,
        funnel_to_cash.reporting_currency_code,
        funnel_to_cash.source_url,
        funnel_to_cash.deal_amount
    from {{ ref('deal_standing') }} as deal_standing
    inner join {{ ref('funnel_to_cash') }} as funnel_to_cash
        on deal_standing.deal_key = funnel_to_cash.deal_key and funnel_to_cash.anchor_kind = 'deal'
    where deal_standing.status = 'open'

),

deal_chances as (

    select * from {{ ref('deal_chances') }}

),

judged as (

    select
        deals.*,
        coalesce(deal_chances.method, 'none') as method,
        cast(deal_chances.probability as decimal(9, 6)) as probability,
        cast(deals.crm_probability as decimal(9, 6)) as stated_probability,
        coalesce(deal_chances.closed_deals, 0) as closed_deals,
        deal_chances.days_in_stage,
        deal_chances.days_to_close
    from deals
    left join deal_chances on deals.deal_key = deal_chances.deal_key

)

select
    deal_key,
    deal_name,
    source,
    customer_key,
    customer_name,
    owner_key,
    owner_name,
    channel,
    pipeline,
    stage,
    method,
    currency_code,
    reporting_currency_code,
    source_url,
    deal_amount,
    cast(deal_amount * probability as decimal(18, 2)) as weighted_amount,
    cast(deal_amount * stated_probability as decimal(18, 2)) as crm_weighted_amount,
    probability,
    stated_probability as crm_probability,
    closed_deals,
    days_in_stage,
    days_to_close,
    coalesce(expected_close_date < {{ as_of() }}, false) as is_past_close_date,
    coalesce(
        method = 'learned' and abs(probability - stated_probability) >= {{ figure_limit('probability_far_off') }}, false
    ) as is_far_off,
    created_date as deal_created_date,
    expected_close_date,
    cast({{ dbt.dateadd('day', 'days_to_close', as_of()) }} as date) as likely_close_date
from judged
