-- How long an invoice should take to become cash, by what was known on its own day: its terms, and how late its
-- customer had paid by then. Without payments the terms alone are expected; three payments weigh as much as they do.
with

invoice_values as (

    select
        *,
        coalesce(due_date, issued_date) as expected_date,
        {{ days_between('issued_date', 'coalesce(due_date, issued_date)') }} as terms_days
    from {{ ref('invoice_values') }}
    where invoice_kind = 'invoice' and gross_amount > 0 and issued_date <= {{ as_of() }}

),

payments as (

    select
        invoice_values.account_key,
        settlements.paid_date as day,
        sum({{ days_between('invoice_values.expected_date', 'settlements.paid_date') }}) as days_late,
        count(*) as payments_counted
    from {{ ref('settlements') }} as settlements
    inner join invoice_values on settlements.invoice_key = invoice_values.invoice_key
    where settlements.kind = 'payment' and settlements.paid_date is not null
    group by 1, 2

),

events as (

    select
        account_key,
        day,
        1 as place,
        days_late,
        payments_counted
    from payments
    union all
    select distinct
        account_key,
        issued_date as day,
        0 as place,
        0 as days_late,
        0 as payments_counted
    from invoice_values

),

-- An invoice comes before the payments of its own day.
so_far as (

    select
        account_key,
        day,
        place,
        sum(days_late) over (
            partition by account_key order by day, place rows unbounded preceding
        ) as days_late,
        sum(payments_counted) over (
            partition by account_key order by day, place rows unbounded preceding
        ) as payments_counted
    from events

)

select
    invoice_values.invoice_key,
    invoice_values.issued_date,
    cast(invoice_values.gross_amount as double) * cast(invoice_values.exchange_rate as double) as amount,
    greatest(
        invoice_values.terms_days
        + cast(coalesce(so_far.days_late, 0) as double) / (coalesce(so_far.payments_counted, 0) + 3),
        0
    ) as days_expected
from invoice_values
left join so_far
    on
        invoice_values.account_key = so_far.account_key
        and invoice_values.issued_date = so_far.day
        and so_far.place = 0
where invoice_values.exchange_rate is not null
