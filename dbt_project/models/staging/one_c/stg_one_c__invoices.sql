with

documents as (

    select * from {{ ref('stg_one_c__sales_documents') }}

),

invoice_lines as (

    select
        invoice_key,
        {{ first_known('order_key', 'invoice_line_key') }} as order_key,
        {{ first_known('corrects_invoice_key', 'invoice_line_key') }} as corrects_invoice_key,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount
    from {{ ref('stg_one_c__invoice_lines') }}
    group by 1

),

instalments as (

    select
        invoice_key,
        max(due_date) as due_date
    from {{ ref('stg_one_c__due_days') }}
    group by 1

),

renamed as (

    select
        documents.source,
        documents.invoice_key,
        documents.account_key,
        coalesce(invoice_lines.order_key, {{ key('documents.source', 'documents.order_reference') }}) as order_key,
        coalesce(
            invoice_lines.corrects_invoice_key, {{ key('documents.source', 'documents.sale_reference') }}
        ) as corrects_invoice_key,

        documents.company,
        documents.invoice_number,
        case documents.document_kind when 'return' then 'credit_note' else 'invoice' end as kind,
        documents.currency_code,

        coalesce(invoice_lines.net_amount, documents.gross_amount) as net_amount,
        invoice_lines.tax_amount,
        documents.gross_amount,

        false as is_cancelled,

        {{ local_date('documents.documented_at') }} as issued_date,
        {{ local_date('documents.documented_at') }} as sale_date,
        instalments.due_date
    from documents
    left join invoice_lines on documents.invoice_key = invoice_lines.invoice_key
    left join instalments on documents.invoice_key = instalments.invoice_key

)

select * from renamed
