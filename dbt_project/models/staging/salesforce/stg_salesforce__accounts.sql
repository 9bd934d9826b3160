with

accounts as (

    select * from {{ raw('salesforce', 'accounts') }}

),

survivors as (

    select * from {{ ref('stg_salesforce__survivors') }}

),

renamed as (

    select
        accounts.source,
        {{ key('accounts.source', 'accounts.id') }} as account_key,
        {{ key('accounts.source', none_text('accounts.owner_id')) }} as owner_key,
        {{ key('accounts.source', "coalesce(survivors.survivor_id, " ~ none_text('accounts.parent_id') ~ ")") }}
            as parent_account_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Account/' || accounts.id || '/view'",
            'accounts.source',
        ) }} as source_url,

        coalesce({{ none_text('accounts.name') }}, 'unknown') as name,
        {{ none_text('accounts.tax_id') }} as tax_id,
        {{ country_code('accounts.billing_country') }} as country_code,
        {{ none_text('accounts.billing_state') }} as region,
        {{ website_domain('accounts.website') }} as website_domain,
        {{ none_text('accounts.phone') }} as phone,
        {{ none_text('accounts.billing_street') }} as street,
        {{ none_text('accounts.billing_postal_code') }} as postcode,
        {{ none_text('accounts.billing_city') }} as city,
        {{ none_text('accounts.type') }} as segment,
        {{ none_text('accounts.industry') }} as industry,
        {{ none_text('accounts.account_number') }} as erp_reference,
        {{ none_text('accounts.currency_iso_code') }} as currency_code,

        true as is_customer,
        false as is_supplier,

        accounts.created_date as created_at,
        accounts.system_modstamp as updated_at
    from accounts
    left join survivors
        on accounts.source = survivors.source and accounts.parent_id = survivors.account_id
    where not accounts.is_deleted and {{ none_text('accounts.master_record_id') }} is null

)

select * from renamed
