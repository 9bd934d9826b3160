{%- set entities = {
    'accounts': none, 'leads': none, 'deals': 'amount', 'quotes': 'net_amount', 'products': none, 'orders': none,
    'order_lines': none, 'shipments': none, 'shipment_lines': none, 'invoices': 'net_amount', 'invoice_lines': none,
    'cost_entries': 'amount', 'payments': 'amount', 'payment_allocations': none
} -%}
with

source_controls as (

    select * from {{ ref('source_controls') }}

),

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

deals as (

    select * from {{ ref('deals') }}

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

customer_profitability as (

    select * from {{ ref('customer_profitability') }}

),

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}

),

canonical_rows as (

    {% for entity, amount in entities.items() %}
        select
            source,
            '{{ entity }}' as entity,
            count(*) as rows_counted,
            sum({{ amount or 'cast(null as decimal(18, 4))' }}) as amount
        from {{ ref(entity) }}
        group by 1, 2
        {%- if not loop.last %}
            union all
        {%- endif %}
    {% endfor %}

),

raw_rows as (

    select
        source_controls.source,
        source_controls.entity,
        source_controls.rows_counted as raw_rows_counted,
        source_controls.amount as raw_amount,
        coalesce(canonical_rows.rows_counted, 0) as canonical_rows_counted,
        coalesce(canonical_rows.amount, 0) as canonical_amount
    from source_controls
    left join canonical_rows
        on source_controls.source = canonical_rows.source and source_controls.entity = canonical_rows.entity
    where
        source_controls.entity in (
            {%- for entity in entities %}
                '{{ entity }}'{{ "," if not loop.last }}
            {%- endfor %}
        )

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
    where
        invoices.kind not in ('prepayment', 'cancellation')
        and not coalesce(invoices.is_cancelled, false)
        and cancelled_invoices.invoice_key is null

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
    where cost_amount is not null
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
    select
        left_out.source,
        payment_allocations.allocated_date,
        -payment_allocations.amount * left_out.booked_rate as amount
    from payment_allocations
    inner join left_out on payment_allocations.invoice_key = left_out.invoice_key
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
    where settlements.kind = 'payment'

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

),

ledgers as (

    select
        'ledger_' || ledger.measure as check_code,
        ledger.source,
        'ledger_totals' as entity,
        {{ reporting_currency() }} as currency_code,
        ledger.amount as left_amount,
        coalesce(our_months.amount, receivable_balances.amount, 0) as right_amount,
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

),

sides as (

    select
        'lines_to_customers_revenue' as check_code,
        'customer_profitability' as entity,
        sum(revenue_amount) as left_amount,
        cast(null as decimal(38, 4)) as right_amount
    from profitability_lines
    union all
    select
        'lines_to_customers_revenue' as check_code,
        'customer_profitability' as entity,
        cast(null as decimal(38, 4)) as left_amount,
        sum(revenue_amount) as right_amount
    from customer_profitability
    union all
    select
        'deals_to_funnel_rows' as check_code,
        'deals' as entity,
        count(*) as left_amount,
        cast(null as decimal(38, 4)) as right_amount
    from deals
    union all
    select
        'deals_to_funnel_rows' as check_code,
        'deals' as entity,
        cast(null as decimal(38, 4)) as left_amount,
        count(*) as right_amount
    from funnel_to_cash
    where anchor_kind = 'deal'
    union all
    select
        'orders_to_funnel_amount' as check_code,
        'orders' as entity,
        sum(order_amount) as left_amount,
        cast(null as decimal(38, 4)) as right_amount
    from order_cycle_time
    union all
    select
        'orders_to_funnel_amount' as check_code,
        'orders' as entity,
        cast(null as decimal(38, 4)) as left_amount,
        sum(ordered_amount) as right_amount
    from funnel_to_cash
    union all
    select
        'invoices_to_funnel_amount' as check_code,
        'invoices' as entity,
        sum(net_reporting_amount) as left_amount,
        cast(null as decimal(38, 4)) as right_amount
    from invoice_values
    where is_revenue
    union all
    select
        'invoices_to_funnel_amount' as check_code,
        'invoices' as entity,
        cast(null as decimal(38, 4)) as left_amount,
        sum(invoiced_amount) + sum(credited_amount) as right_amount
    from funnel_to_cash
    union all
    select
        'invoiced_to_collected_and_open' as check_code,
        'funnel_to_cash' as entity,
        sum(invoiced_amount) + sum(credited_amount) as left_amount,
        sum(collected_amount) + sum(written_off_amount) + sum(open_amount) as right_amount
    from funnel_to_cash
    union all
    select
        'won_to_funnel_amount' as check_code,
        'deals' as entity,
        sum(deals.amount * reporting_rates.exchange_rate) as left_amount,
        cast(null as decimal(38, 4)) as right_amount
    from deals
    left join reporting_rates
        on
            deals.currency_code = reporting_rates.currency_code
            and coalesce({{ local_date('deals.closed_at') }}, {{ as_of() }}) = reporting_rates.priced_date
    where deals.status = 'won' and deals.excluded_reason is null
    union all
    select
        'won_to_funnel_amount' as check_code,
        'deals' as entity,
        cast(null as decimal(38, 4)) as left_amount,
        sum(won_amount) as right_amount
    from funnel_to_cash
    where bucket in ('won_ordered', 'won_not_ordered', 'won_deal') and not is_excluded

),

totals as (

    select
        check_code,
        entity,
        max(left_amount) as left_amount,
        max(right_amount) as right_amount
    from sides
    group by 1, 2

),

funnel_size as (

    select count(*) as anchors_counted
    from funnel_to_cash

),

everything as (

    select
        'raw_to_canonical_rows' as check_code,
        source,
        entity,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        raw_rows_counted as left_amount,
        canonical_rows_counted as right_amount,
        cast(null as date) as period_month
    from raw_rows
    union all
    select
        'raw_to_canonical_amount' as check_code,
        source,
        entity,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        raw_amount,
        canonical_amount,
        cast(null as date) as period_month
    from raw_rows
    where raw_amount is not null
    union all
    select
        'canonical_to_mart_rows' as check_code,
        source,
        'invoice_lines' as entity,
        currency_code,
        canonical_rows_counted,
        mart_rows_counted,
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
        period_month
    from costs
    union all
    select * from ledgers
    union all
    select
        check_code,
        'all' as source,
        entity,
        case when check_code <> 'deals_to_funnel_rows' then {{ reporting_currency() }} end as currency_code,
        left_amount,
        right_amount,
        cast(null as date) as period_month
    from totals
    where left_amount is not null and right_amount is not null

),

-- Money that was shared out or turned into another currency may differ by the rounding; money only carried over may
-- not.
tolerated as (

    select
        everything.*,
        case
            when
                everything.check_code in (
                    'orders_to_funnel_amount',
                    'invoices_to_funnel_amount',
                    'invoiced_to_collected_and_open',
                    'won_to_funnel_amount'
                )
                then 0.005 * funnel_size.anchors_counted
            when everything.check_code like 'ledger_%' then 1
            else 0
        end as tolerance
    from everything
    cross join funnel_size

)

select
    check_code || ':' || source || ':' || entity || ':' || coalesce(currency_code, '') || ':'
    || coalesce(cast(period_month as {{ dbt.type_string() }}), '') as reconciliation_key,
    check_code,
    source,
    entity,
    currency_code,
    cast(left_amount as decimal(18, 4)) as left_amount,
    cast(right_amount as decimal(18, 4)) as right_amount,
    cast(left_amount - right_amount as decimal(18, 4)) as difference,
    cast(tolerance as decimal(18, 4)) as tolerance,
    abs(left_amount - right_amount) <= tolerance as is_ok,
    check_code in (
        'canonical_to_mart_rows',
        'canonical_to_mart_revenue',
        'canonical_to_mart_cost',
        'lines_to_customers_revenue',
        'deals_to_funnel_rows'
    ) as is_gate,
    period_month
from tolerated
