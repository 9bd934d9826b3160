with

sales_documents as (

    select * from {{ ref('stg_business_central__sales_documents') }}

),

ledger_documents as (

    select
        invoice_key,
        sum(amount) as amount,
        sum(local_amount) as local_amount
    from {{ ref('stg_business_central__ledger_documents') }}
    where invoice_key is not null
    group by 1

),

renamed as (

    select
        documents.source,
        documents.invoice_key,
        documents.account_key,
        documents.order_key,
        documents.corrects_invoice_key,
        {{ source_url(
            'business_central',
            "case documents.document_kind when 'invoice' then '?page=132' else '?page=134' end"
            " || '&filter=%27No.%27%20is%20%27' || documents.invoice_number || '%27'",
            'documents.source',
        ) }} as source_url,

        documents.company,
        documents.invoice_number,
        case
            when documents.is_corrective and documents.is_cancelled then 'cancellation'
            when documents.document_kind = 'credit_memo' then 'credit_note'
            else 'invoice'
        end as kind,
        documents.currency_code,
        documents.local_currency_code as booked_rate_currency_code,

        documents.net_amount,
        documents.tax_amount,
        documents.gross_amount,
        case
            when documents.currency_code = documents.local_currency_code then 1
            else {{ exact_ratio('ledger_documents.local_amount', 'ledger_documents.amount') }}
        end as booked_rate,

        documents.is_cancelled,

        documents.issued_date,
        documents.sale_date,
        documents.due_date
    from sales_documents as documents
    left join ledger_documents on documents.invoice_key = ledger_documents.invoice_key

)

select * from renamed
