-- 1 is money to come and 2 money to give: a correction that lowers an invoice is the firm's debt. Until a document is
-- approved its payments are drafts as well.
with

due as (

    select * from {{ raw('enova365', 'platnosci') }}
    where not is_deleted and not coalesce(bufor, false)

),

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('invoice', 'correction') and not is_draft

),

renamed as (

    select
        due.source,
        {{ key('due.source', 'due.id') }} as payment_due_key,
        documents.document_key as invoice_key,

        due.id as payment_due_id,
        {{ enova_currency('due.kwota_symbol') }} as currency_code,

        case when due.kierunek = 2 then -1 else 1 end as sign,
        case when due.kierunek = 2 then -1 else 1 end * due.kwota_value as amount,

        {{ enova_day('due.termin') }} as due_date
    from due
    inner join documents on due.source = documents.source and due.dokument = documents.document_id

)

select * from renamed
