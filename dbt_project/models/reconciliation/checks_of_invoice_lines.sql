with

invoices as (

    select * from {{ ref('invoices') }}
    where issued_date <= {{ as_of() }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

cost_entries as (

    select * from {{ ref('cost_entries') }}
    where posted_date <= {{ as_of() }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

document_origins as (

    select * from {{ ref('document_origins') }}

),

cancelled_invoices as (

    select distinct corrects_invoice_key as invoice_key
    from invoices
    where kind = 'cancellation'

),

-- Counted again from canonical, by another road than the mart takes: documents that left are taken off the whole.
canonical_lines as (

    select
        invoices.source,
        invoices.currency_code,
        {{ month_of('invoices.issued_date') }} as period_month,
        coalesce(invoice_lines.net_amount, invoices.net_amount) as net_amount,
        invoice_lines.cost_amount
    from invoices
    left join invoice_lines on invoices.invoice_key = invoice_lines.invoice_key
    left join cancelled_invoices on invoices.invoice_key = cancelled_invoices.invoice_key
    left join document_origins on invoices.invoice_key = document_origins.invoice_key
    left join invoices as origin on document_origins.origin_key = origin.invoice_key
    where
        invoices.kind not in ('prepayment', 'cancellation')
        and not coalesce(invoices.is_cancelled, false)
        and cancelled_invoices.invoice_key is null
        and not (invoices.kind in ('credit_note', 'correction') and coalesce(origin.kind, '') = 'prepayment')

),

canonical_revenue as (

    select
        source,
        currency_code,
        period_month,
        count(*) as rows_counted,
        sum(net_amount) as amount
    from canonical_lines
    group by 1, 2, 3

),

mart_revenue as (

    select
        source,
        currency_code,
        posted_month as period_month,
        count(*) as rows_counted,
        sum(document_amount) as amount
    from profitability_lines
    where line_kind = 'invoice_line'
    group by 1, 2, 3

),

revenue as (

    select
        coalesce(canonical_revenue.source, mart_revenue.source) as source,
        coalesce(canonical_revenue.currency_code, mart_revenue.currency_code) as currency_code,
        coalesce(canonical_revenue.period_month, mart_revenue.period_month) as period_month,
        coalesce(canonical_revenue.rows_counted, 0) as canonical_rows_counted,
        coalesce(mart_revenue.rows_counted, 0) as mart_rows_counted,
        coalesce(canonical_revenue.amount, 0) as canonical_amount,
        coalesce(mart_revenue.amount, 0) as mart_amount
    from canonical_revenue
    full outer join mart_revenue
        on
            canonical_revenue.source = mart_revenue.source
            and coalesce(canonical_revenue.currency_code, '') = coalesce(mart_revenue.currency_code, '')
            and canonical_revenue.period_month = mart_revenue.period_month

),

-- Cost of documents that left goes with them; what no document claims stays.
canonical_costs as (

    select
        source,
        currency_code,
        period_month,
        cost_amount as amount
    from canonical_lines
    where cost_amount is not null
    union all
    select
        cost_entries.source,
        cost_entries.currency_code,
        {{ month_of('cost_entries.posted_date') }} as period_month,
        cost_entries.amount
    from cost_entries
    where
        cost_entries.invoice_line_key is null
        or cost_entries.invoice_line_key not in (
            select invoice_lines.invoice_line_key
            from invoice_lines
            left join invoice_values on invoice_lines.invoice_key = invoice_values.invoice_key
            where not coalesce(invoice_values.is_revenue, false)
        )

),

cost_sides as (

    select
        source,
        currency_code,
        period_month,
        amount as canonical_amount,
        0 as mart_amount
    from canonical_costs
    union all
    select
        source,
        currency_code,
        posted_month as period_month,
        0 as canonical_amount,
        document_cost_amount as mart_amount
    from profitability_lines
    where document_cost_amount is not null

),

costs as (

    select
        source,
        currency_code,
        period_month,
        sum(canonical_amount) as canonical_amount,
        sum(mart_amount) as mart_amount
    from cost_sides
    group by 1, 2, 3

)

select
    'canonical_to_mart_rows' as check_code,
    source,
    'invoice_lines' as entity,
    currency_code,
    cast(canonical_rows_counted as decimal(38, 4)) as left_amount,
    cast(mart_rows_counted as decimal(38, 4)) as right_amount,
    0 as tolerance,
    period_month
from revenue
union all
select
    'canonical_to_mart_revenue' as check_code,
    source,
    'invoice_lines' as entity,
    currency_code,
    canonical_amount,
    mart_amount,
    0 as tolerance,
    period_month
from revenue
union all
select
    'canonical_to_mart_cost' as check_code,
    source,
    'cost_entries' as entity,
    currency_code,
    canonical_amount,
    mart_amount,
    0 as tolerance,
    period_month
from costs
