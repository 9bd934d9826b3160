with

companies as (

    select * from {{ raw('livespace', 'companies') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as account_key,
        {{ key('source', none_text('owner_id')) }} as owner_key,
        {{ none_text('url') }} as source_url,

        coalesce({{ none_text('name') }}, 'unknown') as name,
        {{ none_text('nip') }} as tax_id,
        {{ website_domain('www') }} as website_domain,
        {{ email_domain('email') }} as email_domain,
        {{ none_text('phone') }} as phone,
        {{ none_text('addresses_street') }} as street,
        {{ none_text('addresses_postcode') }} as postcode,
        {{ none_text('addresses_city') }} as city,
        {{ none_text('erp_reference') }} as erp_reference,

        true as is_customer,
        false as is_supplier,

        created as created_at,
        modified as updated_at
    from companies
    where not is_deleted

)

select * from renamed
