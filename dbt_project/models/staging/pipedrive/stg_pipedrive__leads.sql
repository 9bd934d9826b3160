-- A lead that was made into a deal leaves the lists without a word. It gave the deal its title, organization and
-- person: by these the deal is found. A lead that left and became no deal was deleted.
with

leads as (

    select * from {{ raw('pipedrive', 'leads') }}

),

deals as (

    select * from {{ raw('pipedrive', 'deals') }}

),

organizations as (

    select * from {{ raw('pipedrive', 'organizations') }}

),

persons as (

    select * from {{ raw('pipedrive', 'persons') }}

),

channel_choices as (

    select
        source,
        option_id,
        min(label) as label
    from {{ raw('pipedrive', 'field_options') }}
    where object = 'deals' and field_code = 'channel'
    group by 1, 2

),

possible as (

    select
        leads.source,
        leads.id as lead_id,
        deals.id as deal_id,
        deals.add_time as converted_at,
        row_number() over (partition by leads.source, leads.id order by deals.add_time, deals.id) as place_of_deal,
        row_number() over (
            partition by leads.source, deals.id order by leads.add_time desc, leads.id desc
        ) as place_of_lead
    from leads
    inner join deals
        on
            leads.source = deals.source
            and leads.title = deals.title
            and leads.add_time <= deals.add_time
            and leads.organization_id is not distinct from deals.org_id
            and leads.person_id is not distinct from deals.person_id
    where
        leads.is_deleted and not deals.is_deleted and coalesce(leads.organization_id, leads.person_id) is not null

),

converted as (

    select * from possible
    where place_of_deal = 1 and place_of_lead = 1

),

renamed as (

    select
        leads.source,
        {{ key('leads.source', 'leads.id') }} as lead_key,
        case when not organizations.is_deleted then {{ key('leads.source', 'organizations.id') }} end as account_key,
        {{ key('leads.source', 'leads.owner_id') }} as owner_key,
        {{ key('leads.source', 'converted.deal_id') }} as deal_key,
        {{ source_url('pipedrive', "'/leads/inbox/' || leads.id", 'leads.source') }} as source_url,

        coalesce({{ none_text('organizations.name') }}, {{ none_text('leads.title') }}) as company_name,
        {{ email_domain('persons.emails_primary_value') }} as email_domain,
        -- How a lead was entered (by hand, by import) is no channel; a form or a talk on the website is.
        coalesce(
            {{ channel('channel_choices.label') }},
            (
                select words.channel from {{ ref('channels') }} as words
                where words.word = lower(leads.source_name)
            )
        ) as channel,
        case
            when converted.deal_id is not null then 'converted'
            when leads.is_archived then 'disqualified'
            else 'open'
        end as status,

        leads.add_time as created_at,
        converted.converted_at,
        case when leads.is_archived and converted.deal_id is null then leads.update_time end as disqualified_at
    from leads
    left join converted
        on leads.source = converted.source and leads.id = converted.lead_id
    left join organizations
        on leads.source = organizations.source and leads.organization_id = organizations.id
    left join persons
        on leads.source = persons.source and leads.person_id = persons.id and not persons.is_deleted
    left join channel_choices
        on
            leads.source = channel_choices.source
            and cast(leads.channel as {{ dbt.type_string() }}) = channel_choices.option_id
    where leads.add_time is not null and (not leads.is_deleted or converted.deal_id is not null)

)

select * from renamed
