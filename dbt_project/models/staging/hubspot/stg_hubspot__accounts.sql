with

companies as (

    select * from {{ raw('hubspot', 'companies') }}

),

survivors as (

    select * from {{ ref('stg_hubspot__survivors') }}

),

renamed as (

    select
        companies.source,
        {{ key('companies.source', 'companies.id') }} as account_key,
        {{ key('companies.source', none_text('companies.hubspot_owner_id')) }} as owner_key,
        {{ key(
            'companies.source', "coalesce(survivors.survivor_id, " ~ none_text('companies.hs_parent_company_id') ~ ")"
        ) }}
            as parent_account_key,
        {{ source_url('hubspot', "'/record/0-2/' || companies.id", 'companies.source') }} as source_url,

        coalesce({{ none_text('companies.name') }}, {{ none_text('companies.domain') }}, 'unknown') as name,
        {{ none_text('companies.tax_id') }} as tax_id,
        {{ country_code('companies.country') }} as country_code,
        {{ none_text('companies.state') }} as region,
        coalesce({{ website_domain('companies.domain') }}, {{ website_domain('companies.website') }}) as website_domain,
        {{ none_text('companies.phone') }} as phone,
        {{ none_text('companies.address') }} as street,
        {{ none_text('companies.zip') }} as postcode,
        {{ none_text('companies.city') }} as city,
        {{ none_text('companies.type') }} as segment,
        {{ none_text('companies.industry') }} as industry,
        {{ none_text('companies.erp_reference') }} as erp_reference,

        coalesce({{ none_text('companies.type') }} != 'VENDOR', true) as is_customer,
        coalesce({{ none_text('companies.type') }} = 'VENDOR', false) as is_supplier,

        coalesce(companies.createdate, companies.created_at) as created_at,
        companies.updated_at
    from companies
    left join survivors
        on
            companies.source = survivors.source
            and survivors.kind = 'companies'
            and companies.hs_parent_company_id = survivors.merged_id
    where not companies.is_deleted

)

select * from renamed
