-- Invoices, memos and their cancellations in one shape. The category says what a document is, and so its sign.
with

billing_documents as (

    select * from {{ raw('s4hana', 'billing_documents') }}
    where {{ is_billed('sd_document_category') }} and not is_deleted

),

cancelled as (

    select distinct
        source,
        {{ unpadded('cancelled_billing_document') }} as billing_document
    from billing_documents
    where {{ unpadded('cancelled_billing_document') }} is not null

),

company_codes as (

    select * from {{ raw('s4hana', 'company_codes') }}

),

renamed as (

    select
        documents.source,
        documents.billing_document,
        documents.company_code,
        documents.fiscal_year,
        {{ unpadded('documents.accounting_document') }} as accounting_document,
        {{ key('documents.source', unpadded('documents.billing_document')) }} as invoice_key,
        {{ key('documents.source', unpadded('documents.sold_to_party')) }} as account_key,
        {{ key('documents.source', unpadded('documents.cancelled_billing_document')) }} as cancels_invoice_key,

        coalesce({{ none_text('company_codes.company_code_name') }}, documents.company_code) as company,
        {{ unpadded('documents.billing_document') }} as invoice_number,
        case
            when documents.sd_document_category in ('N', 'S') then 'cancellation'
            when documents.sd_document_category = 'O' then 'credit_note'
            when documents.sd_document_category = 'P' then 'correction'
            else 'invoice'
        end as kind,
        {{ none_text('documents.transaction_currency') }} as currency_code,

        {{ billing_sign('documents.sd_document_category') }} as sign,
        {{ billing_sign('documents.sd_document_category') }} * documents.total_net_amount as net_amount,
        {{ billing_sign('documents.sd_document_category') }} * documents.tax_amount as tax_amount,

        (
            coalesce(documents.billing_document_is_cancelled, false)
            or documents.sd_document_category in ('N', 'S')
            or cancelled.billing_document is not null
        ) as is_cancelled,

        coalesce(
            {{ none_date('documents.billing_document_date') }}, {{ none_date('documents.creation_date') }}
        ) as issued_date
    from billing_documents as documents
    left join cancelled
        on
            documents.source = cancelled.source
            and {{ unpadded('documents.billing_document') }} = cancelled.billing_document
    left join company_codes
        on documents.source = company_codes.source and documents.company_code = company_codes.company_code

)

select * from renamed
