-- A CRM names the order or invoice of a claim by its number, if at all: it is the one of that number, if only one is.
with

tickets as (

    {{ staged('tickets') }}

),

orders as (

    select
        upper(trim(order_number)) as plain_number,
        min(order_key) as order_key
    from {{ ref('orders') }}
    group by 1
    having count(*) = 1

),

invoices as (

    select
        upper(trim(invoice_number)) as plain_number,
        min(invoice_key) as invoice_key
    from {{ ref('invoices') }}
    group by 1
    having count(*) = 1

)

select
    tickets.ticket_key,
    tickets.account_key,
    coalesce(tickets.order_key, orders.order_key) as order_key,
    coalesce(tickets.invoice_key, invoices.invoice_key) as invoice_key,
    tickets.source,
    tickets.source_url,
    tickets.kind,
    tickets.reason,
    tickets.order_reference,
    tickets.invoice_reference,
    tickets.opened_at,
    tickets.closed_at
from tickets
left join orders on upper(trim(tickets.order_reference)) = orders.plain_number
left join invoices on upper(trim(tickets.invoice_reference)) = invoices.plain_number
