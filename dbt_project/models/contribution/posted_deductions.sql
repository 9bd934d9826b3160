with

deductions as (

    select * from {{ ref('deductions') }}
    where posted_date <= {{ as_of() }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

orders as (

    select * from {{ ref('orders') }}

),

invoices as (

    select * from {{ ref('invoices') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

-- A deduction of a document that was cancelled leaves with it.
standing as (

    select
        deductions.deduction_key,
        deductions.kind,
        deductions.source,
        coalesce(invoice_values.account_key, deductions.account_key, orders.account_key) as account_key,
        invoice_values.invoice_key,
        coalesce(deductions.order_key, invoice_values.order_key) as order_key,
        deductions.currency_code,
        coalesce(reporting_rates.exchange_rate_source, 'none') as exchange_rate_source,
        coalesce(deductions.source_url, invoice_values.source_url) as source_url,
        reporting_rates.exchange_rate,
        cast(deductions.amount * reporting_rates.exchange_rate as decimal(18, 4)) as amount,
        deductions.posted_date,
        reporting_rates.exchange_rate_date
    from deductions
    left join invoice_values on deductions.invoice_key = invoice_values.invoice_key
    left join invoices on deductions.invoice_key = invoices.invoice_key
    left join orders on deductions.order_key = orders.order_key
    left join reporting_rates
        on
            deductions.currency_code = reporting_rates.currency_code
            and deductions.posted_date = reporting_rates.priced_date
    where invoice_values.invoice_key is not null or invoices.invoice_key is null

),

-- A bonus of the year that names a customer and no invoice belongs to what that customer bought in the year until then.
covered as (

    select
        standing.deduction_key,
        standing.amount,
        invoice_values.invoice_key,
        invoice_values.order_key,
        invoice_values.net_reporting_amount
    from standing
    inner join invoice_values
        on
            standing.account_key = invoice_values.account_key
            and standing.posted_date >= invoice_values.issued_date
            and extract(year from standing.posted_date) = extract(year from invoice_values.issued_date)
    where
        standing.kind = 'rebate'
        and standing.invoice_key is null
        and standing.order_key is null
        and standing.amount is not null
        and invoice_values.invoice_kind = 'invoice'
        and invoice_values.net_reporting_amount > 0

),

spread as (

    {{ largest_remainder('covered', ['deduction_key'], 'amount', 'net_reporting_amount', ['invoice_key']) }}

)

select
    standing.kind || ':' || standing.deduction_key
    || coalesce(':' || spread.invoice_key, '') as profitability_line_key,
    standing.kind as ladder_step,
    standing.source,
    standing.account_key,
    coalesce(spread.invoice_key, standing.invoice_key) as invoice_key,
    coalesce(spread.order_key, standing.order_key) as order_key,
    standing.currency_code,
    standing.exchange_rate_source,
    standing.source_url,
    standing.exchange_rate,
    coalesce(spread.part_amount, standing.amount) as amount,
    standing.amount is null as is_rate_missing,
    standing.posted_date,
    standing.exchange_rate_date
from standing
left join spread on standing.deduction_key = spread.deduction_key
