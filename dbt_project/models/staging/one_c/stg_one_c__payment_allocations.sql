-- A line of a payment names what it settles: a document, or an object of settlement that stands for one. A sale is paid
-- by it, an order is paid in advance.
with

lines as (

    select
        source,
        ref_key,
        line_number,
        coalesce({{ none_text('obekt_raschetov') }}, {{ none_text('sdelka') }}) as reference,
        summa
    from {{ raw('one_c', 'bank_receipts_lines') }}
    union all
    select
        source,
        ref_key,
        line_number,
        coalesce({{ none_text('obekt_raschetov') }}, {{ none_text('sdelka') }}) as reference,
        summa
    from {{ raw('one_c', 'cash_receipts_lines') }}

),

objects as (

    select * from {{ raw('one_c', 'settlement_objects') }}

),

payments as (

    select
        payments.*,
        receipts.document_id
    from {{ ref('stg_one_c__payments') }} as payments
    inner join {{ ref('stg_one_c__receipts') }} as receipts on payments.payment_key = receipts.payment_key

),

settled as (

    select
        lines.source,
        lines.ref_key,
        lines.line_number,
        coalesce({{ none_text('objects.obekt') }}, lines.reference) as document_id,
        lines.summa
    from lines
    left join objects on lines.source = objects.source and lines.reference = objects.ref_key
    where lines.summa != 0

),

sales as (

    select invoice_key from {{ ref('stg_one_c__sales_documents') }}

),

orders as (

    select order_key from {{ ref('stg_one_c__orders') }}

),

renamed as (

    select
        settled.source,
        {{ key('settled.source', 'settled.ref_key', 'trim(settled.line_number)') }} as allocation_key,
        payments.payment_key,
        sales.invoice_key,
        orders.order_key,

        'payment' as kind,
        payments.currency_code,

        settled.summa as amount,

        payments.paid_date as allocated_date
    from settled
    inner join payments on settled.source = payments.source and settled.ref_key = payments.document_id
    left join sales on {{ key('settled.source', 'settled.document_id') }} = sales.invoice_key
    left join orders on {{ key('settled.source', 'settled.document_id') }} = orders.order_key
    where sales.invoice_key is not null or orders.order_key is not null

)

select * from renamed
