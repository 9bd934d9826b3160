-- An organization has no telephone and no e-mail address of its own: its people have.
with

organizations as (

    select * from {{ raw('pipedrive', 'organizations') }}

),

persons as (

    select
        *,
        {{ email_domain('emails_primary_value') }} as email_domain,
        {{ none_text('phones_primary_value') }} as phone
    from {{ raw('pipedrive', 'persons') }}

),

-- A line of business chosen from a list comes as the number of the choice.
choices as (

    select
        source,
        option_id,
        min(label) as label
    from {{ raw('pipedrive', 'field_options') }}
    where object = 'organizations'
    group by 1, 2

),

-- Of an organization's people the first to be entered that has one.
spoken_for as (

    select
        source,
        org_id,
        min_by(email_domain, (add_time, id)) as email_domain,
        min_by(phone, (add_time, id)) as phone
    from persons
    where not is_deleted and org_id is not null
    group by 1, 2

),

renamed as (

    select
        organizations.source,
        {{ key('organizations.source', 'organizations.id') }} as account_key,
        {{ key('organizations.source', 'organizations.owner_id') }} as owner_key,
        {{ source_url('pipedrive', "'/organization/' || organizations.id", 'organizations.source') }} as source_url,

        coalesce({{ none_text('organizations.name') }}, 'unknown') as name,
        {{ none_text('organizations.tax_id') }} as tax_id,
        {{ country_code('organizations.address_country') }} as country_code,
        {{ none_text('organizations.address_admin_area_level_1') }} as region,
        {{ website_domain('organizations.website') }} as website_domain,
        spoken_for.email_domain,
        spoken_for.phone,
        coalesce(
            {{ none_text("concat_ws(' ', organizations.address_route, organizations.address_street_number)") }},
            {{ none_text('organizations.address_value') }}
        ) as street,
        {{ none_text('organizations.address_postal_code') }} as postcode,
        {{ none_text('organizations.address_locality') }} as city,
        coalesce(choices.label, {{ none_text('organizations.industry') }}) as industry,
        {{ none_text('organizations.erp_reference') }} as erp_reference,

        true as is_customer,
        false as is_supplier,

        organizations.add_time as created_at,
        organizations.update_time as updated_at
    from organizations
    left join spoken_for
        on organizations.source = spoken_for.source and organizations.id = spoken_for.org_id
    left join choices
        on organizations.source = choices.source and organizations.industry = choices.option_id
    where not organizations.is_deleted

)

select * from renamed
