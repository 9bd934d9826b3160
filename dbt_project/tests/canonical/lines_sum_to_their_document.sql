-- The lines of an invoice or an order sum to it, but for a rounding of a cent a line. If not, revenue by product and
-- revenue by document are two different figures.
{{ config(severity='warn') }}

with

documents as (

    select
        'invoices' as entity,
        invoice_key as document_key,
        net_amount
    from {{ ref('invoices') }}
    union all
    select
        'orders' as entity,
        order_key as document_key,
        net_amount
    from {{ ref('orders') }}

),

-- A system may give an order and its invoice one number, and so one key.
lines as (

    select
        'invoices' as entity,
        invoice_key as document_key,
        net_amount
    from {{ ref('invoice_lines') }}
    union all
    select
        'orders' as entity,
        order_key as document_key,
        net_amount
    from {{ ref('order_lines') }}

)

select
    documents.entity,
    documents.document_key,
    documents.net_amount,
    sum(lines.net_amount) as lines_amount
from documents
inner join lines on documents.entity = lines.entity and documents.document_key = lines.document_key
where documents.net_amount is not null
group by 1, 2, 3
having abs(documents.net_amount - sum(lines.net_amount)) > 0.01 * count(*)
