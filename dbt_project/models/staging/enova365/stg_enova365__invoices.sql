-- Approved documents count; cancelled ones are flagged, drafts are not there. An invoice is worth what its header says,
-- a correction what its lines change.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('invoice', 'correction') and not is_draft

),

lines as (

    select
        document_key,
        sum(net_amount) as net_amount,
        sum(local_net_amount) as local_net_amount,
        sum(local_tax_amount) as local_tax_amount
    from {{ ref('stg_enova365__lines') }}
    group by 1

),

-- A correction of several invoices names none of them.
corrected as (

    select
        lines.document_key,
        min(corrected.first_document_key) as corrects_invoice_key
    from {{ ref('stg_enova365__corrected') }} as corrected
    inner join {{ ref('stg_enova365__lines') }} as lines on corrected.line_key = lines.line_key
    group by 1
    having count(distinct corrected.first_document_key) = 1

),

due as (

    select
        invoice_key,
        max(due_date) as due_date
    from {{ ref('stg_enova365__payments_due') }}
    group by 1

),

orders as (

    select
        invoice_key,
        min(order_key) as order_key
    from {{ ref('stg_enova365__invoice_lines') }}
    where order_key is not null
    group by 1
    having count(distinct order_key) = 1

),

valued as (

    select
        documents.source,
        documents.document_key,
        lines.net_amount as net_amount_of_lines,
        case when documents.role = 'invoice' then documents.local_net_amount else lines.local_net_amount end
            as local_net_amount,
        case when documents.role = 'invoice' then documents.local_tax_amount else lines.local_tax_amount end
            as local_tax_amount
    from documents
    left join lines on documents.document_key = lines.document_key

),

amounts as (

    select
        documents.*,
        coalesce(valued.local_net_amount, 0) as booked_net_amount,
        case
            when documents.currency_code = {{ enova_local_currency() }} then coalesce(valued.local_net_amount, 0)
            else coalesce(
                valued.net_amount_of_lines, cast(valued.local_net_amount / documents.booked_rate as decimal(18, 2))
            )
        end as net_amount,
        cast(coalesce(valued.local_tax_amount, 0) / documents.booked_rate as decimal(18, 2)) as tax_amount
    from documents
    left join valued on documents.document_key = valued.document_key

),

renamed as (

    select
        amounts.source,
        amounts.document_key as invoice_key,
        amounts.account_key,
        orders.order_key,
        corrected.corrects_invoice_key,

        amounts.document_number as invoice_number,
        amounts.role as kind,
        amounts.currency_code,
        {{ enova_local_currency() }} as booked_rate_currency_code,

        amounts.net_amount,
        amounts.tax_amount,
        amounts.net_amount + amounts.tax_amount as gross_amount,
        -- The rate as it was booked: by it a document is worth in the books, to the cent, what the books say.
        case
            when amounts.currency_code = {{ enova_local_currency() }} or amounts.net_amount = 0 then amounts.booked_rate
            else {{ exact_ratio('amounts.booked_net_amount', 'amounts.net_amount') }}
        end as booked_rate,

        amounts.is_cancelled,

        amounts.issued_date,
        amounts.operation_date as sale_date,
        due.due_date
    from amounts
    left join corrected on amounts.document_key = corrected.document_key
    left join due on amounts.document_key = due.invoice_key
    left join orders on amounts.document_key = orders.invoice_key

)

select * from renamed
