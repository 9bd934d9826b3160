-- A counterparty does not say since when it is one: its first document does.
with

counterparties as (

    select * from {{ raw('one_c', 'counterparties') }}
    where not is_deleted and not coalesce(is_folder, false)

),

documents as (

    select
        source,
        kontragent_key,
        date as documented_at
    from {{ raw('one_c', 'orders') }}
    union all
    select
        source,
        kontragent_key,
        date as documented_at
    from {{ raw('one_c', 'sales') }}

),

first_documents as (

    select
        source,
        kontragent_key,
        min(documented_at) as created_at
    from documents
    group by 1, 2

),

renamed as (

    select
        counterparties.source,
        {{ key('counterparties.source', 'counterparties.ref_key') }} as account_key,

        coalesce(
            {{ none_text('counterparties.naimenovanie_polnoe') }},
            {{ none_text('counterparties.description') }},
            counterparties.ref_key
        ) as name,
        {{ none_text('counterparties.inn') }} as tax_id,

        first_documents.created_at
    from counterparties
    left join first_documents
        on
            counterparties.source = first_documents.source
            and counterparties.ref_key = first_documents.kontragent_key

)

select * from renamed
