with

payment_allocations as (

    select * from {{ ref('payment_allocations') }}

),

payments as (

    select * from {{ ref('payments') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

-- Money paid on an order settles the order's invoices in turn: both are laid end to end, and where they overlap
-- the one settles the other.
advances as (

    select
        allocation_key,
        payment_key,
        order_key,
        kind,
        allocated_date,
        sum(amount) over (
            partition by order_key order by allocated_date, allocation_key rows unbounded preceding
        ) - amount as begins,
        sum(amount) over (
            partition by order_key order by allocated_date, allocation_key rows unbounded preceding
        ) as ends
    from payment_allocations
    where invoice_key is null and order_key is not null and amount > 0

),

invoiced as (

    select
        invoice_key,
        order_key,
        sum(gross_amount) over (
            partition by order_key order by issued_date, invoice_key rows unbounded preceding
        ) - gross_amount as begins,
        sum(gross_amount) over (
            partition by order_key order by issued_date, invoice_key rows unbounded preceding
        ) as ends
    from invoice_values
    where order_key is not null and invoice_kind = 'invoice' and gross_amount > 0

),

settling as (

    select
        allocation_key as settlement_key,
        invoice_key,
        payment_key,
        coalesce(kind, 'payment') as kind,
        amount,
        allocated_date as settled_date
    from payment_allocations
    where invoice_key is not null
    union all
    select
        advances.allocation_key || ':' || invoiced.invoice_key as settlement_key,
        invoiced.invoice_key,
        advances.payment_key,
        coalesce(advances.kind, 'payment') as kind,
        least(advances.ends, invoiced.ends) - greatest(advances.begins, invoiced.begins) as amount,
        advances.allocated_date
    from advances
    inner join invoiced
        on
            advances.order_key = invoiced.order_key
            and advances.begins < invoiced.ends
            and advances.ends > invoiced.begins
    -- A final invoice is settled by the advance it names; the advance itself is settled by its own payments.
    union all
    select
        'advance:' || final.invoice_key as settlement_key,
        final.invoice_key,
        cast(null as {{ dbt.type_string() }}) as payment_key,
        'advance' as kind,
        advance.gross_amount,
        final.issued_date
    from invoice_values as final
    inner join invoice_values as advance on final.settles_invoice_key = advance.invoice_key

)

select
    settling.settlement_key,
    settling.invoice_key,
    settling.payment_key,
    invoice_values.source,
    settling.kind,
    invoice_values.currency_code,
    invoice_values.reporting_currency_code,
    cast(settling.amount as decimal(18, 2)) as amount,
    cast(settling.amount * invoice_values.net_share as decimal(18, 4)) as net_amount,
    cast(
        cast(settling.amount * invoice_values.net_share as decimal(18, 4)) * invoice_values.exchange_rate
        as decimal(18, 4)
    ) as net_reporting_amount,
    settling.settled_date,
    case when settling.kind = 'payment' then coalesce(payments.paid_date, settling.settled_date) end as paid_date
from settling
inner join invoice_values on settling.invoice_key = invoice_values.invoice_key
left join payments on settling.payment_key = payments.payment_key
where settling.settled_date <= {{ as_of() }}
