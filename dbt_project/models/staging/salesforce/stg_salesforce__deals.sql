with

opportunities as (

    select * from {{ raw('salesforce', 'opportunities') }}

),

survivors as (

    select * from {{ ref('stg_salesforce__survivors') }}

),

-- A deal has one lead, or several that went into it: the first counts.
leads as (

    select
        source,
        converted_opportunity_id,
        min_by(id, (created_date, id)) as lead_id
    from {{ raw('salesforce', 'leads') }}
    where not is_deleted and converted_opportunity_id is not null
    group by 1, 2

),

renamed as (

    select
        opportunities.source,
        {{ key('opportunities.source', 'opportunities.id') }} as deal_key,
        {{ key(
            'opportunities.source', "coalesce(survivors.survivor_id, " ~ none_text('opportunities.account_id') ~ ")"
        ) }}
            as account_key,
        {{ key('opportunities.source', 'leads.lead_id') }} as lead_key,
        {{ key('opportunities.source', none_text('opportunities.campaign_id')) }} as campaign_key,
        {{ key('opportunities.source', none_text('opportunities.owner_id')) }} as owner_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Opportunity/' || opportunities.id || '/view'",
            'opportunities.source',
        ) }} as source_url,

        {{ none_text('opportunities.name') }} as name,
        case
            when opportunities.is_won then 'won'
            when opportunities.is_closed then 'lost'
            else 'open'
        end as status,
        {{ none_text('opportunities.record_type_id') }} as pipeline,
        {{ none_text('opportunities.stage_name') }} as stage,
        case
            when lower(opportunities.lost_reason) like 'duplicate%' then 'duplicate'
            else {{ junk_reason('opportunities.name') }}
        end as excluded_reason,
        {{ channel('opportunities.lead_source') }} as channel,
        {{ none_text('opportunities.lost_reason') }} as lost_reason,
        {{ none_text('opportunities.order_reference') }} as order_reference,
        coalesce({{ none_text('opportunities.currency_iso_code') }}, {{ reporting_currency() }}) as currency_code,

        opportunities.amount,
        opportunities.expected_revenue as expected_amount,
        opportunities.probability / 100 as probability,

        opportunities.close_date as expected_close_date,

        opportunities.created_date as created_at,
        case when opportunities.is_closed then {{ start_of_local_day('opportunities.close_date') }} end as closed_at
    from opportunities
    left join survivors
        on opportunities.source = survivors.source and opportunities.account_id = survivors.account_id
    left join leads
        on opportunities.source = leads.source and opportunities.id = leads.converted_opportunity_id
    where not opportunities.is_deleted

)

select * from renamed
