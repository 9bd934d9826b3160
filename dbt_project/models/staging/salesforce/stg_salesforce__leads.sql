with

leads as (

    select * from {{ raw('salesforce', 'leads') }}

),

survivors as (

    select * from {{ ref('stg_salesforce__survivors') }}

),

-- A deal that was deleted is not there to refer to.
opportunities as (

    select
        source,
        id
    from {{ raw('salesforce', 'opportunities') }}
    where not is_deleted

),

renamed as (

    select
        leads.source,
        {{ key('leads.source', 'leads.id') }} as lead_key,
        {{ key('leads.source', "coalesce(survivors.survivor_id, " ~ none_text('leads.converted_account_id') ~ ")") }}
            as account_key,
        -- A queue (00G…) is nobody in particular.
        case
            when leads.owner_id not like '00G%' then {{ key('leads.source', none_text('leads.owner_id')) }}
        end as owner_key,
        {{ key('leads.source', 'opportunities.id') }} as deal_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Lead/' || leads.id || '/view'",
            'leads.source',
        ) }} as source_url,

        {{ none_text('leads.company') }} as company_name,
        {{ email_domain('leads.email') }} as email_domain,
        {{ channel('leads.lead_source') }} as channel,
        case
            when leads.is_converted then 'converted'
            when
                lower(leads.status) like '%unqualified%' or lower(leads.status) like '%not converted%'
                or lower(leads.status) like '%disqualified%' then 'disqualified'
            when lower(leads.status) like '%qualified%' then 'qualified'
            else 'open'
        end as status,

        leads.created_date as created_at,
        case when leads.is_converted then {{ start_of_local_day('leads.converted_date') }} end as converted_at
    from leads
    left join survivors
        on leads.source = survivors.source and leads.converted_account_id = survivors.account_id
    left join opportunities
        on leads.source = opportunities.source and leads.converted_opportunity_id = opportunities.id
    where not leads.is_deleted and {{ none_text('leads.master_record_id') }} is null

)

select * from renamed
