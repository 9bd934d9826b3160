-- Cancelled documents are flagged; drafts are not there.
with

amounts as (

    select * from {{ ref('stg_enova365__invoice_amounts') }}

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
        amounts.booked_rate,

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
