with

leads as (

    select * from {{ ref('stg_hubspot__lead_objects') }}
    union all
    select * from {{ ref('stg_hubspot__lead_contacts') }}

),

renamed as (

    select
        source,
        lead_key,
        {{ key('source', 'company_id') }} as account_key,
        {{ key('source', none_text('hubspot_owner_id')) }} as owner_key,
        {{ key('source', 'deal_id') }} as deal_key,
        {{ source_url('hubspot', 'path') }} as source_url,

        {{ none_text('company_name') }} as company_name,
        {{ email_domain('email') }} as email_domain,
        {{ channel('source_word') }} as channel,
        case
            when is_converted then 'converted'
            when stage like '%unqualified%' or stage like '%disqualified%' then 'disqualified'
            when stage like '%qualified%' then 'qualified'
            else 'open'
        end as status,

        created_at,
        qualified_at,
        case when is_converted then converted_at end as converted_at
    from leads

)

select * from renamed
