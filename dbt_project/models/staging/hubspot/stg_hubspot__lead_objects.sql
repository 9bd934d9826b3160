-- The words for a stage are the firm's, in its language; the ids of the stages that come with HubSpot are English.
with

leads as (

    select * from {{ raw('hubspot', 'leads') }}

),

lead_stages as (

    select * from {{ raw('hubspot', 'lead_stages') }}

),

contacts as (

    select * from {{ raw('hubspot', 'contacts') }}

),

deals as (

    select
        source,
        id,
        coalesce(createdate, created_at) as created_at
    from {{ raw('hubspot', 'deals') }}
    where not is_deleted

),

associations as (

    select * from {{ ref('stg_hubspot__associations') }}

),

renamed as (

    select
        leads.source,
        {{ key('leads.source', 'leads.id') }} as lead_key,
        '/record/0-136/' || leads.id as path,
        of_companies.other_id as company_id,
        deals.id as deal_id,
        leads.hubspot_owner_id,
        contacts.company as company_name,
        contacts.email,
        coalesce({{ none_text('contacts.hs_analytics_source') }}, contacts.hs_latest_source) as source_word,
        lower(coalesce(leads.hs_pipeline_stage, '') || ' ' || coalesce(lead_stages.label, '')) as stage,
        deals.id is not null as is_converted,
        coalesce(leads.hs_createdate, leads.created_at) as created_at,
        cast(null as timestamp) as qualified_at,
        deals.created_at as converted_at
    from leads
    left join lead_stages
        on leads.source = lead_stages.source and leads.hs_pipeline_stage = lead_stages.id
    left join associations as of_companies
        on
            leads.source = of_companies.source
            and of_companies.record_kind = 'lead'
            and of_companies.other_kind = 'companies'
            and of_companies.place = 1
            and leads.id = of_companies.record_id
    left join associations as of_contacts
        on
            leads.source = of_contacts.source
            and of_contacts.record_kind = 'lead'
            and of_contacts.other_kind = 'contacts'
            and of_contacts.place = 1
            and leads.id = of_contacts.record_id
    left join contacts
        on of_contacts.source = contacts.source and of_contacts.other_id = contacts.id
    left join associations as of_deals
        on
            leads.source = of_deals.source
            and of_deals.record_kind = 'lead'
            and of_deals.other_kind = 'deals'
            and of_deals.place = 1
            and leads.id = of_deals.record_id
    left join deals
        on of_deals.source = deals.source and of_deals.other_id = deals.id
    where not leads.is_deleted

)

select * from renamed
