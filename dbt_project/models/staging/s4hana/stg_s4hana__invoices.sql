-- The account that owes knows when it is due, and at which rate the document was booked.
with

documents as (

    select * from {{ ref('stg_s4hana__billing_documents') }}

),

ledger_items as (

    select
        invoice_key,
        max(local_currency_code) as local_currency_code,
        sum(amount) as amount,
        sum(local_amount) as local_amount,
        max(due_date) as due_date
    from {{ ref('stg_s4hana__ledger_items') }}
    where invoice_key is not null
    group by 1

),

invoice_lines as (

    select
        lines.invoice_key,
        {{ first_known('lines.order_key', 'lines.invoice_line_key') }} as order_key,
        {{ first_known('corrected.invoice_key', 'lines.invoice_line_key') }} as corrects_invoice_key
    from {{ ref('stg_s4hana__invoice_lines') }} as lines
    left join documents as corrected on lines.reference_key = corrected.invoice_key
    group by 1

),

renamed as (

    select
        documents.source,
        documents.invoice_key,
        documents.account_key,
        invoice_lines.order_key,
        coalesce(documents.cancels_invoice_key, invoice_lines.corrects_invoice_key) as corrects_invoice_key,
        {{ source_url(
            's4hana', "'#BillingDocument-display?BillingDocument=' || documents.billing_document", 'documents.source'
        ) }} as source_url,

        documents.company,
        documents.invoice_number,
        documents.kind,
        documents.currency_code,
        ledger_items.local_currency_code as booked_rate_currency_code,

        documents.net_amount,
        documents.tax_amount,
        documents.net_amount + documents.tax_amount as gross_amount,
        case
            when documents.currency_code = ledger_items.local_currency_code then 1
            else {{ exact_ratio('ledger_items.local_amount', 'ledger_items.amount') }}
        end as booked_rate,

        documents.is_cancelled,

        documents.issued_date,
        documents.issued_date as sale_date,
        ledger_items.due_date
    from documents
    left join ledger_items on documents.invoice_key = ledger_items.invoice_key
    left join invoice_lines on documents.invoice_key = invoice_lines.invoice_key

)

select * from renamed
