with

invoices as (

    select * from {{ ref('invoices') }}

),

invoice_lines as (

    select
        invoice_key,
        sum(net_amount) as net_amount
    from {{ ref('invoice_lines') }}
    group by 1

),

payment_allocations as (

    select * from {{ ref('payment_allocations') }}
    where invoice_key is not null

),

settlements as (

    select * from {{ ref('settlements') }}

),

receivables as (

    select * from {{ ref('receivables') }}
    where open_amount is not null

),

cancellations as (

    select corrects_invoice_key as invoice_key
    from invoices
    where kind = 'cancellation' and corrects_invoice_key is not null

),

-- Counted again from the documents themselves, in their own currency, so that no rate and no rounding is in it.
documents as (

    select
        invoices.invoice_key,
        coalesce(invoices.gross_amount, invoice_lines.net_amount, invoices.net_amount, 0) as amount
    from invoices
    left join invoice_lines on invoices.invoice_key = invoice_lines.invoice_key
    left join cancellations on invoices.invoice_key = cancellations.invoice_key
    where
        invoices.kind <> 'cancellation'
        and not coalesce(invoices.is_cancelled, false)
        and cancellations.invoice_key is null

),

allocated as (

    select
        invoice_key,
        sum(amount) as amount
    from payment_allocations
    where allocated_date <= {{ as_of() }}
    group by 1

),

-- Money paid on an order, and advances a final invoice names, have no allocation of their own to the invoice.
advanced as (

    select
        settlements.invoice_key,
        sum(settlements.amount) as amount
    from settlements
    left join payment_allocations on settlements.settlement_key = payment_allocations.allocation_key
    where payment_allocations.allocation_key is null
    group by 1

)

select
    'invoiced_to_settled_and_open' as check_code,
    receivables.source,
    'invoices' as entity,
    receivables.currency_code,
    sum(cast(documents.amount as decimal(18, 2))) as left_amount,
    sum(receivables.open_amount + coalesce(allocated.amount, 0) + coalesce(advanced.amount, 0)) as right_amount,
    0 as tolerance,
    {{ month_of('receivables.issued_date') }} as period_month
from receivables
left join documents on receivables.invoice_key = documents.invoice_key
left join allocated on receivables.invoice_key = allocated.invoice_key
left join advanced on receivables.invoice_key = advanced.invoice_key
group by 2, 4, 8
