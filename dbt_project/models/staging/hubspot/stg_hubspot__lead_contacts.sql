-- In a portal without leads of their own, contacts that were leads once.
with

leads as (

    select * from {{ raw('hubspot', 'leads') }}

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

companies as (

    select
        source,
        id
    from {{ raw('hubspot', 'companies') }}
    where not is_deleted

),

survivors as (

    select * from {{ ref('stg_hubspot__survivors') }}

),

associations as (

    select * from {{ ref('stg_hubspot__associations') }}

),

-- The first deal that a contact has a part in.
deals_of_contacts as (

    select
        associations.source,
        associations.other_id as contact_id,
        {{ first_known('deals.id', '(deals.created_at, deals.id)') }} as deal_id,
        min(deals.created_at) as deal_created_at
    from associations
    inner join deals
        on associations.source = deals.source and associations.record_id = deals.id
    where associations.record_kind = 'deal' and associations.other_kind = 'contacts'
    group by 1, 2

),

renamed as (

    select
        contacts.source,
        {{ key('contacts.source', "'contact'", 'contacts.id') }} as lead_key,
        '/record/0-1/' || contacts.id as path,
        companies.id as company_id,
        deals_of_contacts.deal_id,
        contacts.hubspot_owner_id,
        contacts.company as company_name,
        contacts.email,
        coalesce({{ none_text('contacts.hs_analytics_source') }}, contacts.hs_latest_source) as source_word,
        case
            when lower(contacts.hs_lead_status) = 'unqualified' then 'unqualified'
            when
                contacts.lifecyclestage = 'salesqualifiedlead'
                or contacts.hs_lifecyclestage_salesqualifiedlead_date is not null then 'qualified'
        end as stage,
        deals_of_contacts.deal_id is not null
        or contacts.lifecyclestage in ('opportunity', 'customer', 'evangelist') as is_converted,
        coalesce(
            contacts.hs_lifecyclestage_lead_date,
            contacts.hs_lifecyclestage_marketingqualifiedlead_date,
            contacts.createdate,
            contacts.created_at
        ) as created_at,
        contacts.hs_lifecyclestage_salesqualifiedlead_date as qualified_at,
        coalesce(
            contacts.hs_lifecyclestage_opportunity_date,
            deals_of_contacts.deal_created_at,
            contacts.hs_lifecyclestage_customer_date
        ) as converted_at
    from contacts
    left join survivors as of_companies
        on
            contacts.source = of_companies.source
            and of_companies.kind = 'companies'
            and contacts.associatedcompanyid = of_companies.merged_id
    left join companies
        on
            contacts.source = companies.source
            and coalesce(of_companies.survivor_id, contacts.associatedcompanyid) = companies.id
    left join deals_of_contacts
        on contacts.source = deals_of_contacts.source and contacts.id = deals_of_contacts.contact_id
    left join survivors as of_contacts
        on
            contacts.source = of_contacts.source
            and of_contacts.kind = 'contacts'
            and contacts.id = of_contacts.merged_id
    where
        not contacts.is_deleted
        and of_contacts.merged_id is null
        and contacts.source not in (select leads.source from leads)
        and (
            contacts.lifecyclestage in ('lead', 'marketingqualifiedlead', 'salesqualifiedlead')
            or contacts.hs_lifecyclestage_lead_date is not null
            or contacts.hs_lifecyclestage_marketingqualifiedlead_date is not null
            or contacts.hs_lifecyclestage_salesqualifiedlead_date is not null
        )

)

select * from renamed
