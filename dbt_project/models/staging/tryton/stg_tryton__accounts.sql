-- Parties belong to all companies: each company has those that it deals with, or may. Its own people and the companies
-- themselves are parties too, and no accounts.
with

parties as (

    select * from {{ raw('tryton', 'parties') }}

),

addresses as (

    select
        source,
        company_id,
        party,
        street,
        city,
        postal_code,
        country_code,
        subdivision_name
    from {{ raw('tryton', 'addresses') }}
    where not is_deleted
    qualify row_number() over (
        partition by source, company_id, party
        order by case when sequence is null then 1 else 0 end, sequence, id
    ) = 1

),

contacts as (

    select
        source,
        company_id,
        party,
        {{ first_known("case when type in ('phone', 'mobile') then value end", 'id') }} as phone,
        {{ first_known("case when type = 'email' then value end", 'id') }} as email,
        {{ first_known("case when type = 'website' then value end", 'id') }} as website
    from {{ raw('tryton', 'contact_mechanisms') }}
    where not is_deleted
    group by 1, 2, 3

),

identifiers as (

    select
        source,
        company_id,
        party,
        code
    from {{ raw('tryton', 'identifiers') }}
    where not is_deleted
    qualify row_number() over (
        partition by source, company_id, party
        order by
            case when type like '%vat%' then 0 else 1 end,
            case when sequence is null then 1 else 0 end,
            sequence,
            id
    ) = 1

),

customers as (

    select
        source,
        company_id,
        party
    from {{ raw('tryton', 'sales') }}
    where not is_deleted
    union distinct
    select
        source,
        company_id,
        party
    from {{ raw('tryton', 'invoices') }}
    where not is_deleted
    union distinct
    select
        source,
        company_id,
        party
    from {{ raw('tryton', 'opportunities') }}
    where not is_deleted

),

-- Whom the invoices of a party go to, as its last sale has it.
payers as (

    select
        source,
        company_id,
        party,
        nullif(invoice_party, party) as payer
    from {{ raw('tryton', 'sales') }}
    where not is_deleted
    qualify row_number() over (partition by source, company_id, party order by id desc) = 1

),

own_people as (

    select distinct
        source,
        party_id
    from {{ raw('tryton', 'employees') }}
    where not is_deleted

),

renamed as (

    select
        parties.source,
        {{ key('parties.source', 'parties.company_id', 'parties.id') }} as account_key,
        {{ key('parties.source', 'parties.company_id', 'payers.payer') }} as payer_account_key,
        {{ source_url('tryton', "'/model/party.party/' || parties.id", 'parties.source') }} as source_url,

        parties.company_name as company,
        coalesce({{ none_text('parties.name') }}, parties.code) as name,
        {{ none_text('identifiers.code') }} as tax_id,
        {{ country_code('addresses.country_code') }} as country_code,
        {{ none_text('addresses.subdivision_name') }} as region,
        {{ website_domain(none_text('contacts.website')) }} as website_domain,
        {{ email_domain('contacts.email') }} as email_domain,
        {{ none_text('contacts.phone') }} as phone,
        {{ none_text('addresses.street') }} as street,
        {{ none_text('addresses.postal_code') }} as postcode,
        {{ none_text('addresses.city') }} as city,
        parties.company_currency as currency_code,

        customers.party is not null as is_customer,

        parties.create_date as created_at,
        parties.changed_at as updated_at
    from parties
    left join addresses
        on
            parties.source = addresses.source
            and parties.company_id = addresses.company_id
            and parties.id = addresses.party
    left join contacts
        on
            parties.source = contacts.source
            and parties.company_id = contacts.company_id
            and parties.id = contacts.party
    left join identifiers
        on
            parties.source = identifiers.source
            and parties.company_id = identifiers.company_id
            and parties.id = identifiers.party
    left join customers
        on
            parties.source = customers.source
            and parties.company_id = customers.company_id
            and parties.id = customers.party
    left join payers
        on
            parties.source = payers.source
            and parties.company_id = payers.company_id
            and parties.id = payers.party
    left join own_people on parties.source = own_people.source and parties.id = own_people.party_id
    where
        not parties.is_deleted
        and parties.replaced_by is null
        and parties.name != parties.company_name
        and (own_people.party_id is null or customers.party is not null)

)

select * from renamed
