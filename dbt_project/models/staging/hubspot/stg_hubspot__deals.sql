with

deals as (

    select * from {{ raw('hubspot', 'deals') }}

),

pipelines as (

    select * from {{ raw('hubspot', 'deal_pipelines') }}

),

stages as (

    select * from {{ raw('hubspot', 'deal_stages') }}

),

portals as (

    select
        source,
        min(company_currency) as currency_code
    from {{ raw('hubspot', 'account') }}
    group by 1

),

survivors as (

    select * from {{ ref('stg_hubspot__survivors') }}

),

deal_accounts as (

    select * from {{ ref('stg_hubspot__deal_accounts') }}
    where is_primary

),

-- A deal has one lead, or several that went into it: the first counts.
leads as (

    select
        deal_key,
        {{ first_known('lead_key', '(created_at, lead_key)') }} as lead_key
    from {{ ref('stg_hubspot__leads') }}
    where deal_key is not null
    group by 1

),

-- Whether it is closed the vendor computes from the stage; a portal may lack the properties that say so.
judged as (

    select
        deals.*,
        {{ key('deals.source', 'deals.id') }} as deal_key,
        stages.label as stage_label,
        coalesce(deals.hs_deal_stage_probability, stages.probability) as chance,
        coalesce(deals.hs_is_closed_won, stages.is_closed and stages.probability = 1, false) as is_won,
        coalesce(deals.hs_is_closed, stages.is_closed, false) as is_closed
    from deals
    left join stages
        on deals.source = stages.source and deals.dealstage = stages.id

),

renamed as (

    select
        deals.source,
        deals.deal_key,
        deal_accounts.account_key,
        leads.lead_key,
        {{ key('deals.source', none_text('deals.hubspot_owner_id')) }} as owner_key,
        {{ source_url('hubspot', "'/record/0-3/' || deals.id", 'deals.source') }} as source_url,

        {{ none_text('deals.dealname') }} as name,
        case
            when deals.is_won then 'won'
            when deals.is_closed then 'lost'
            else 'open'
        end as status,
        coalesce({{ none_text('pipelines.label') }}, {{ none_text('deals.pipeline') }}) as pipeline,
        coalesce({{ none_text('deals.stage_label') }}, {{ none_text('deals.dealstage') }}) as stage,
        case
            when survivors.survivor_id is not null then 'merged'
            when lower(deals.closed_lost_reason) like 'duplicate%' then 'duplicate'
            else {{ junk_reason('deals.dealname') }}
        end as excluded_reason,
        {{ channel("coalesce(" ~ none_text('deals.hs_analytics_source') ~ ", deals.hs_latest_source)") }} as channel,
        {{ none_text('deals.closed_lost_reason') }} as lost_reason,
        {{ none_text('deals.order_reference') }} as order_reference,
        coalesce({{ none_text('deals.deal_currency_code') }}, portals.currency_code, {{ reporting_currency() }})
            as currency_code,

        deals.amount,
        deals.hs_projected_amount as expected_amount,
        deals.chance as probability,

        {{ local_date('deals.closedate') }} as expected_close_date,

        coalesce(deals.createdate, deals.created_at) as created_at,
        case when deals.is_won or deals.is_closed then deals.closedate end as closed_at
    from judged as deals
    left join pipelines
        on deals.source = pipelines.source and deals.pipeline = pipelines.id
    left join portals on deals.source = portals.source
    left join survivors
        on deals.source = survivors.source and survivors.kind = 'deals' and deals.id = survivors.merged_id
    left join deal_accounts on deals.deal_key = deal_accounts.deal_key
    left join leads on deals.deal_key = leads.deal_key
    where not deals.is_deleted

)

select * from renamed
