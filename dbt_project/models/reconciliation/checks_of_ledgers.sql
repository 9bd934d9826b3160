with

invoices as (

    select * from {{ ref('invoices') }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

cost_entries as (

    select * from {{ ref('cost_entries') }}

),

payments as (

    select * from {{ ref('payments') }}

),

ledger_totals as (

    select * from {{ ref('ledger_totals') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

payment_allocations as (

    select * from {{ ref('payment_allocations') }}

),

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

-- The ledger speaks its own currency: it is compared where that is the currency we report in.
ledger as (

    select
        source,
        measure,
        period_month,
        sum(amount) as amount
    from ledger_totals
    where currency_code = {{ reporting_currency() }} and account_key is null and period_month <= {{ as_of() }}
    group by 1, 2, 3

),

-- A ledger keeps a cancelled document and its cancellation, each in its own month; the marts have neither.
left_out as (

    select
        invoices.*,
        invoices.net_amount * invoices.booked_rate as net_reporting_amount,
        invoices.gross_amount * invoices.booked_rate as gross_reporting_amount
    from invoices
    left join invoice_values on invoices.invoice_key = invoice_values.invoice_key
    where invoice_values.invoice_key is null and invoices.booked_rate_currency_code = {{ reporting_currency() }}

),

mart_months as (

    select
        source,
        'revenue' as measure,
        posted_month as period_month,
        sum(revenue_amount) as amount
    from profitability_lines
    group by 1, 2, 3
    union all
    select
        source,
        'revenue' as measure,
        {{ month_of('issued_date') }} as period_month,
        sum(net_reporting_amount) as amount
    from left_out
    group by 1, 2, 3
    union all
    select
        cost_entries.source,
        'cost' as measure,
        {{ month_of('cost_entries.posted_date') }} as period_month,
        sum(cost_entries.amount) as amount
    from cost_entries
    inner join invoice_lines on cost_entries.invoice_line_key = invoice_lines.invoice_line_key
    inner join left_out on invoice_lines.invoice_key = left_out.invoice_key
    where cost_entries.currency_code = {{ reporting_currency() }}
    group by 1, 2, 3
    union all
    select
        source,
        'cost' as measure,
        posted_month,
        sum(cost_amount) as amount
    from profitability_lines
    where cost_amount is not null and line_kind <> 'time_entry'
    group by 1, 2, 3
    union all
    select
        payments.source,
        'cash' as measure,
        {{ month_of('payments.paid_date') }} as period_month,
        sum(payments.amount * reporting_rates.exchange_rate) as amount
    from payments
    left join reporting_rates
        on payments.currency_code = reporting_rates.currency_code and payments.paid_date = reporting_rates.priced_date
    group by 1, 2, 3

),

our_months as (

    select
        source,
        measure,
        period_month,
        sum(amount) as amount
    from mart_months
    group by 1, 2, 3

),

-- What is owed at a month's end: invoices, less what settled them at the invoice's own rate, less money not yet
-- allocated.
receivable_movements as (

    select
        source,
        issued_date as moved_date,
        gross_amount * exchange_rate as amount
    from invoice_values
    union all
    select
        source,
        issued_date,
        gross_reporting_amount
    from left_out
    union all
    -- Money that was put on a cancelled document came off with the payment already.
    select
        left_out.source,
        payment_allocations.allocated_date,
        -payment_allocations.amount * left_out.booked_rate as amount
    from payment_allocations
    inner join left_out on payment_allocations.invoice_key = left_out.invoice_key
    where not {{ uses_up_payment('payment_allocations') }}
    union all
    select
        settlements.source,
        settlements.settled_date,
        -settlements.amount * invoice_values.exchange_rate as amount
    from settlements
    inner join invoice_values on settlements.invoice_key = invoice_values.invoice_key
    union all
    select
        payments.source,
        payments.paid_date,
        -payments.amount * reporting_rates.exchange_rate as amount
    from payments
    left join reporting_rates
        on payments.currency_code = reporting_rates.currency_code and payments.paid_date = reporting_rates.priced_date
    union all
    select
        payments.source,
        settlements.settled_date,
        settlements.amount * reporting_rates.exchange_rate as amount
    from settlements
    inner join payments on settlements.payment_key = payments.payment_key
    left join reporting_rates
        on payments.currency_code = reporting_rates.currency_code and payments.paid_date = reporting_rates.priced_date
    where {{ uses_up_payment('settlements') }}

),

receivable_months as (

    select
        source,
        {{ month_of('moved_date') }} as period_month,
        sum(amount) as amount
    from receivable_movements
    where moved_date <= {{ as_of() }}
    group by 1, 2

),

receivable_balances as (

    select
        ledger.source,
        ledger.measure,
        ledger.period_month,
        sum(receivable_months.amount) as amount
    from ledger
    inner join receivable_months
        on ledger.source = receivable_months.source and ledger.period_month >= receivable_months.period_month
    where ledger.measure = 'receivables'
    group by 1, 2, 3

)

-- A bank's money is exchanged day by day here and document by document there: the rounding of a month is below one.
select
    'ledger_' || ledger.measure as check_code,
    ledger.source,
    'ledger_totals' as entity,
    {{ reporting_currency() }} as currency_code,
    ledger.amount as left_amount,
    coalesce(our_months.amount, receivable_balances.amount, 0) as right_amount,
    1 as tolerance,
    ledger.period_month
from ledger
left join our_months
    on
        ledger.source = our_months.source
        and ledger.measure = our_months.measure
        and ledger.period_month = our_months.period_month
left join receivable_balances
    on
        ledger.source = receivable_balances.source
        and ledger.measure = receivable_balances.measure
        and ledger.period_month = receivable_balances.period_month
