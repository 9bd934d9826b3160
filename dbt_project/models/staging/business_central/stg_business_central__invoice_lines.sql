with

sales_documents as (

    select * from {{ ref('stg_business_central__sales_documents') }}

),

sales_lines as (

    select
        source,
        company_id,
        document_id,
        'invoice' as document_kind,
        sequence,
        line_type,
        line_object_number,
        quantity,
        discount_amount,
        net_amount
    from {{ raw('business_central', 'sales_invoice_lines') }}
    union all
    select
        source,
        company_id,
        document_id,
        'credit_memo' as document_kind,
        sequence,
        line_type,
        line_object_number,
        quantity,
        discount_amount,
        net_amount
    from {{ raw('business_central', 'sales_credit_memo_lines') }}

),

renamed as (

    select
        lines.source,
        documents.invoice_key || ':' || lines.sequence as invoice_line_key,
        documents.invoice_key,
        documents.order_key,
        case
            when documents.document_kind = 'invoice'
                then {{ key('lines.source', 'lines.company_id', 'documents.order_number', 'lines.sequence') }}
        end as order_line_key,
        case
            when {{ none_text('lines.line_type') }} = 'Item'
                then {{ key('lines.source', 'lines.company_id', none_text('lines.line_object_number')) }}
        end as product_key,

        lines.sequence,
        documents.sign * lines.quantity as quantity,
        documents.sign * lines.net_amount as net_amount,
        documents.sign * lines.discount_amount as discount_amount
    from sales_lines as lines
    inner join sales_documents as documents
        on
            lines.source = documents.source
            and lines.company_id = documents.company_id
            and lines.document_id = documents.document_id
            and lines.document_kind = documents.document_kind
    where coalesce({{ none_text('lines.line_type') }}, 'Comment') != 'Comment' or lines.net_amount != 0

)

select * from renamed
