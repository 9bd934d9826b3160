-- Items on customers' accounts, and what each stands for: a billing document, a payment, or a clearing of others. A
-- document number is one within its company and year only. Requests for down payments are notes, not postings.
with

items as (

    select
        *,
        {{ unpadded('accounting_document') }} as document_number,
        {{ unpadded('billing_document') }} as billing_number,
        {{ unpadded('invoice_reference') }} as reference_number,
        (
            coalesce(is_cleared, false)
            and not coalesce(clearing_is_reversed, false)
            and {{ unpadded('clearing_accounting_document') }} is not null
        ) as is_settled
    from {{ raw('s4hana', 'journal_items') }}
    where coalesce(special_gl_code, '') != 'F' and not is_deleted

),

documents as (

    select * from {{ ref('stg_s4hana__billing_documents') }}

),

posted as (

    select
        source,
        company_code,
        fiscal_year,
        accounting_document,
        {{ first_known('invoice_key', 'invoice_key') }} as invoice_key,
        max(is_cancelled) as is_cancelled
    from documents
    where accounting_document is not null
    group by 1, 2, 3, 4

),

renamed as (

    select
        items.source,
        {{ key('items.source', 'items.record_key') }} as ledger_item_key,
        coalesce(documents.invoice_key, posted.invoice_key) as invoice_key,
        referenced.invoice_key as referenced_invoice_key,
        case
            when
                coalesce(documents.invoice_key, posted.invoice_key) is null
                and coalesce(items.accounting_document_type, '') not in ('RV', 'DR', 'DG', 'AB')
                then
                    {{ key(
                        'items.source', 'items.company_code', 'items.fiscal_year', 'items.document_number',
                        unpadded('items.customer')
                    ) }}
        end as payment_key,
        {{ key('items.source', unpadded('items.customer')) }} as account_key,
        case
            when items.is_settled
                then
                    {{ key(
                        'items.source', 'items.company_code', 'items.clearing_doc_fiscal_year',
                        unpadded('items.clearing_accounting_document'), 'items.transaction_currency'
                    ) }}
        end as clearing_key,

        items.company_code,
        {{ none_text('items.transaction_currency') }} as currency_code,
        {{ none_text('items.company_code_currency') }} as local_currency_code,

        items.amount_in_transaction_currency as amount,
        items.amount_in_company_code_currency as local_amount,

        (
            coalesce(documents.is_cancelled, posted.is_cancelled, false)
            or coalesce(items.is_reversed, false)
            or {{ unpadded('items.reverse_document') }} is not null
        ) as is_cancelled,

        {{ none_date('items.posting_date') }} as posted_date,
        {{ none_date('items.net_due_date') }} as due_date,
        coalesce({{ none_date('items.clearing_date') }}, {{ none_date('items.posting_date') }}) as settled_date
    from items
    left join documents
        on
            items.source = documents.source
            and {{ key('items.source', 'items.billing_number') }} = documents.invoice_key
            and coalesce(items.accounting_document_type, '') not in ('DZ', 'ZP', 'AB')
    left join posted
        on
            items.source = posted.source
            and items.company_code = posted.company_code
            and items.fiscal_year = posted.fiscal_year
            and items.document_number = posted.accounting_document
    left join posted as referenced
        on
            items.source = referenced.source
            and items.company_code = referenced.company_code
            and items.invoice_reference_fiscal_year = referenced.fiscal_year
            and items.reference_number = referenced.accounting_document

)

select * from renamed
