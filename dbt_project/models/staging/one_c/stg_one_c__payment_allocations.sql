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

sales as (

    select invoice_key from {{ ref('stg_one_c__sales_documents') }}

),

orders as (

    select order_key from {{ ref('stg_one_c__orders') }}

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.ref_key', 'trim(lines.line_number)') }} as allocation_key,
        payments.payment_key,
        sales.invoice_key,
        orders.order_key,

        'payment' as kind,
        payments.currency_code,

        lines.summa as amount,

        payments.paid_date as allocated_date
    from lines
    inner join payments on lines.source = payments.source and lines.ref_key = payments.document_id
    left join objects on lines.source = objects.source and lines.reference = objects.ref_key
    left join sales
        on {{ key('lines.source', 'coalesce(' ~ none_text('objects.obekt') ~ ', lines.reference)') }} = sales.invoice_key
    left join orders
        on {{ key('lines.source', 'coalesce(' ~ none_text('objects.obekt') ~ ', lines.reference)') }} = orders.order_key
    where lines.summa != 0 and (sales.invoice_key is not null or orders.order_key is not null)

)

select * from renamed
