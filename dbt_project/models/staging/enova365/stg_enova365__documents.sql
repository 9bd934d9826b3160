-- Orders, offers, issues of goods, invoices and their corrections lie in one table. State 0 is a draft in the buffer, 3
-- is cancelled. An invoice whose kind repeats another document's value is told by that other one.
with

documents as (

    select
        *,
        {{ enova_role('kategoria') }} as role
    from {{ raw('enova365', 'dok_handlowe') }}
    where not is_deleted

),

repeating as (

    select
        source,
        id
    from {{ raw('enova365', 'def_dok_handlowych') }}
    where duplikat_wartosci and not is_deleted

),

renamed as (

    select
        documents.source,
        {{ key('documents.source', 'documents.id') }} as document_key,
        case when documents.kontrahent > 0 then {{ key('documents.source', 'documents.kontrahent') }} end
            as account_key,
        case
            when documents.pracownik > 0 then {{ key('documents.source', "'employee'", 'documents.pracownik') }}
        end as salesperson_key,

        documents.id as document_id,
        {{ none_text('documents.guid') }} as document_guid,
        documents.role,
        coalesce(
            {{ none_text('documents.numer_pelny') }}, cast(documents.id as {{ dbt.type_string() }})
        ) as document_number,
        {{ none_text('documents.obcy_numer') }} as customer_reference,
        {{ none_text('documents.dostawa_sposob') }} as service_level,
        nullif(documents.magazyn, 0) as warehouse_id,
        {{ enova_currency('documents.brutto_cy_symbol') }} as currency_code,

        case
            when {{ enova_currency('documents.brutto_cy_symbol') }} = {{ enova_local_currency() }} then 1
            else nullif(documents.kurs_waluty, 0)
        end as booked_rate,
        documents.suma_netto as local_net_amount,
        documents.suma_vat as local_tax_amount,
        documents.brutto_cy_value as gross_amount,

        documents.stan = 0 as is_draft,
        documents.stan = 3 as is_cancelled,
        coalesce(documents.potwierdzenie, 0) = 3 as is_rejected,
        coalesce(documents.realizacja_stan, 0) = 50 as is_completed,
        coalesce(documents.realizacja_stan, 0) = 60 as is_given_up,
        coalesce(documents.liczona_od, 1) = 1 as is_kept_net,

        {{ enova_day('documents.data') }} as issued_date,
        coalesce({{ enova_day('documents.data_operacji') }}, {{ enova_day('documents.data') }}) as operation_date,
        {{ enova_day('documents.dostawa_termin') }} as requested_date,
        {{ enova_moment('documents.data', 'documents.czas') }} as created_at
    from documents
    left join repeating on documents.source = repeating.source and documents.definicja = repeating.id
    where
        {{ enova_day('documents.data') }} is not null
        and not (documents.role in ('invoice', 'correction') and repeating.id is not null)

)

select * from renamed
