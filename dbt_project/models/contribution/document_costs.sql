with

cost_entries as (

    select * from {{ ref('cost_entries') }}
    where posted_date <= {{ as_of() }}

),

time_entries as (

    select * from {{ ref('time_entries') }}
    where worked_date <= {{ as_of() }}

),

shipments as (

    select * from {{ ref('shipments') }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

orders as (

    select * from {{ ref('orders') }}

),

deals as (

    select * from {{ ref('deals') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

-- Cost of a document that was cancelled leaves with it.
posted as (

    select
        cost_entries.cost_entry_key,
        {{ step_of_cost('cost_entries.kind') }} as ladder_step,
        cost_entries.source,
        coalesce(invoice_values.account_key, cost_entries.account_key, orders.account_key) as account_key,
        invoice_values.invoice_key,
        invoice_values.invoice_number,
        invoice_values.invoice_kind,
        coalesce(cost_entries.order_key, invoice_lines.order_key, invoice_values.order_key) as order_key,
        invoice_lines.product_key,
        cost_entries.currency_code,
        coalesce(cost_entries.source_url, invoice_values.source_url) as source_url,
        cost_entries.amount,
        coalesce(invoice_values.is_rate_missing, false) as is_rate_missing,
        cost_entries.posted_date
    from cost_entries
    left join invoice_lines on cost_entries.invoice_line_key = invoice_lines.invoice_line_key
    left join invoice_values on invoice_lines.invoice_key = invoice_values.invoice_key
    left join orders on cost_entries.order_key = orders.order_key
    where invoice_lines.invoice_line_key is null or invoice_values.is_revenue

),

-- One row per shipment: an order that left in three parts paid three carriers, whatever the number of its lines.
carried as (

    select
        shipments.shipment_key,
        shipments.source,
        coalesce(shipments.account_key, orders.account_key) as account_key,
        shipments.order_key,
        shipments.currency_code,
        shipments.source_url,
        coalesce(shipments.freight_cost_amount, 0) - coalesce(shipments.freight_charged_amount, 0) as amount,
        {{ local_date('shipments.shipped_at') }} as shipped_date
    from shipments
    left join orders on shipments.order_key = orders.order_key
    where shipments.freight_cost_amount is not null or shipments.freight_charged_amount is not null

),

everything as (

    select
        case
            when ladder_step = 'cost_of_goods' then 'cost_posting:' else ladder_step || ':cost_entry:'
        end || cost_entry_key as profitability_line_key,
        case when ladder_step = 'cost_of_goods' then 'cost_posting' else ladder_step end as line_kind,
        ladder_step,
        source,
        account_key,
        invoice_key,
        invoice_number,
        invoice_kind,
        order_key,
        product_key,
        currency_code,
        source_url,
        amount as document_cost_amount,
        amount,
        false as is_cost_missing,
        is_rate_missing,
        posted_date
    from posted
    union all
    select
        'time_entry:' || time_entries.time_entry_key as profitability_line_key,
        'time_entry' as line_kind,
        'cost_of_goods' as ladder_step,
        time_entries.source,
        coalesce(time_entries.account_key, deals.account_key, orders.account_key) as account_key,
        cast(null as {{ dbt.type_string() }}) as invoice_key,
        cast(null as {{ dbt.type_string() }}) as invoice_number,
        cast(null as {{ dbt.type_string() }}) as invoice_kind,
        time_entries.order_key,
        cast(null as {{ dbt.type_string() }}) as product_key,
        time_entries.currency_code,
        time_entries.source_url,
        cast(null as decimal(18, 4)) as document_cost_amount,
        time_entries.hours * time_entries.cost_rate as amount,
        time_entries.cost_rate is null as is_cost_missing,
        false as is_rate_missing,
        time_entries.worked_date as posted_date
    from time_entries
    left join deals on time_entries.deal_key = deals.deal_key
    left join orders on time_entries.order_key = orders.order_key
    union all
    select
        'freight:shipment:' || shipment_key as profitability_line_key,
        'freight' as line_kind,
        'freight' as ladder_step,
        source,
        account_key,
        cast(null as {{ dbt.type_string() }}) as invoice_key,
        cast(null as {{ dbt.type_string() }}) as invoice_number,
        cast(null as {{ dbt.type_string() }}) as invoice_kind,
        order_key,
        cast(null as {{ dbt.type_string() }}) as product_key,
        currency_code,
        source_url,
        cast(null as decimal(18, 4)) as document_cost_amount,
        amount,
        false as is_cost_missing,
        false as is_rate_missing,
        shipped_date as posted_date
    from carried
    where shipped_date <= {{ as_of() }}

)

select
    everything.profitability_line_key,
    everything.line_kind,
    everything.ladder_step,
    everything.source,
    everything.account_key,
    everything.invoice_key,
    everything.invoice_number,
    everything.invoice_kind,
    everything.order_key,
    everything.product_key,
    everything.currency_code,
    coalesce(reporting_rates.exchange_rate_source, 'none') as exchange_rate_source,
    everything.source_url,
    everything.document_cost_amount,
    reporting_rates.exchange_rate,
    cast(everything.amount * reporting_rates.exchange_rate as decimal(18, 4)) as amount,
    everything.is_cost_missing,
    everything.is_rate_missing
    or (reporting_rates.exchange_rate is null and not everything.is_cost_missing) as is_rate_missing,
    everything.posted_date,
    reporting_rates.exchange_rate_date
from everything
left join reporting_rates
    on
        everything.currency_code = reporting_rates.currency_code
        and everything.posted_date = reporting_rates.priced_date
