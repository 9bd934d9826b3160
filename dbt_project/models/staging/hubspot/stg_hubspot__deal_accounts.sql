-- A deal that names no company belongs to the one of its first contact.
with

deals as (

    select * from {{ raw('hubspot', 'deals') }}

),

contacts as (

    select * from {{ raw('hubspot', 'contacts') }}

),

companies as (

    select * from {{ raw('hubspot', 'companies') }}

),

associations as (

    select * from {{ ref('stg_hubspot__associations') }}
    where record_kind = 'deal'

),

survivors as (

    select * from {{ ref('stg_hubspot__survivors') }}

),

named as (

    select
        source,
        record_id as deal_id,
        other_id as company_id,
        place = 1 as is_primary
    from associations
    where other_kind = 'companies'

),

of_contacts as (

    select
        associations.source,
        associations.record_id as deal_id,
        companies.id as company_id,
        true as is_primary
    from associations
    inner join contacts
        on associations.source = contacts.source and associations.other_id = contacts.id
    left join survivors
        on
            contacts.source = survivors.source
            and survivors.kind = 'companies'
            and contacts.associatedcompanyid = survivors.merged_id
    inner join companies
        on
            contacts.source = companies.source
            and coalesce(survivors.survivor_id, contacts.associatedcompanyid) = companies.id
    left join named
        on associations.source = named.source and associations.record_id = named.deal_id
    where
        associations.other_kind = 'contacts'
        and associations.place = 1
        and named.deal_id is null
        and not companies.is_deleted

),

found as (

    select * from named
    union all
    select * from of_contacts

),

renamed as (

    select
        found.source,
        {{ key('found.source', 'found.deal_id', 'found.company_id') }} as deal_account_key,
        {{ key('found.source', 'found.deal_id') }} as deal_key,
        {{ key('found.source', 'found.company_id') }} as account_key,
        {{ source_url('hubspot', "'/record/0-3/' || found.deal_id", 'found.source') }} as source_url,

        found.is_primary
    from found
    inner join deals
        on found.source = deals.source and found.deal_id = deals.id
    where not deals.is_deleted

)

select * from renamed
