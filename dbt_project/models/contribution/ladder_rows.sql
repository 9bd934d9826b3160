-- Everything the ladder takes off or gives back, in one shape.
{%- set parts = {
    'posted_deductions': {'ladder_step': 'ladder_step'},
    'rebates': {'ladder_step': "'rebate'"},
    'commissions': {'ladder_step': "'commission'", 'is_rate_missing': 'false'},
    'credit_costs': {'ladder_step': "'credit_cost'", 'is_rate_missing': 'false'},
    'cost_to_serve_allocations': {
        'ladder_step': "'cost_to_serve'", 'is_rate_missing': 'false', 'source': "'cost_pools'", 'invoice_key': 'null',
        'source_url': 'null', 'cost_pool': 'cost_pool'
    },
} %}
with

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

document_cohorts as (

    select * from {{ ref('document_cohorts') }}

),

order_first_invoices as (

    select * from {{ ref('order_first_invoices') }}

),

everything as (

    select
        profitability_line_key,
        'invoice_line' as line_kind,
        'revenue' as ladder_step,
        source,
        account_key,
        invoice_key,
        invoice_number,
        invoice_kind,
        order_key,
        product_key,
        cast(null as {{ dbt.type_string() }}) as cost_pool,
        currency_code,
        exchange_rate_source,
        source_url,
        quantity,
        document_amount,
        document_cost_amount,
        exchange_rate,
        gross_amount,
        discount_amount,
        credited_amount,
        revenue_amount,
        cost_amount,
        cast(null as decimal(18, 4)) as step_amount,
        is_cost_missing,
        is_rate_missing,
        posted_date,
        exchange_rate_date
    from {{ ref('sold_lines') }}
    union all
    select
        profitability_line_key,
        line_kind,
        ladder_step,
        source,
        account_key,
        invoice_key,
        invoice_number,
        invoice_kind,
        order_key,
        product_key,
        cast(null as {{ dbt.type_string() }}) as cost_pool,
        currency_code,
        exchange_rate_source,
        source_url,
        cast(null as decimal(18, 4)) as quantity,
        cast(0 as decimal(18, 4)) as document_amount,
        document_cost_amount,
        exchange_rate,
        cast(null as decimal(18, 4)) as gross_amount,
        cast(null as decimal(18, 4)) as discount_amount,
        cast(null as decimal(18, 4)) as credited_amount,
        cast(0 as decimal(18, 4)) as revenue_amount,
        case when ladder_step = 'cost_of_goods' then amount end as cost_amount,
        amount as step_amount,
        is_cost_missing,
        is_rate_missing,
        posted_date,
        exchange_rate_date
    from {{ ref('document_costs') }}
    {%- for model, given in parts.items() %}
        union all
        select
            parts.profitability_line_key,
            {{ given['ladder_step'] }} as line_kind,
            {{ given['ladder_step'] }} as ladder_step,
            {{ given.get('source', 'parts.source') }} as source,
            parts.account_key,
            {{ given.get('invoice_key', 'parts.invoice_key') }} as invoice_key,
            null as invoice_number,
            null as invoice_kind,
            parts.order_key,
            null as product_key,
            {{ given.get('cost_pool', 'null') }} as cost_pool,
            parts.currency_code,
            parts.exchange_rate_source,
            {{ given.get('source_url', 'parts.source_url') }} as source_url,
            null as quantity,
            0 as document_amount,
            null as document_cost_amount,
            parts.exchange_rate,
            null as gross_amount,
            null as discount_amount,
            null as credited_amount,
            0 as revenue_amount,
            null as cost_amount,
            parts.amount as step_amount,
            false as is_cost_missing,
            {{ given.get('is_rate_missing', 'parts.is_rate_missing') }} as is_rate_missing,
            parts.posted_date,
            parts.exchange_rate_date
        from {{ ref(model) }} as parts
    {%- endfor %}

)

-- A cost goes back to the invoice it belongs to, else to the first invoice of its order, else it stays where it is.
select
    everything.profitability_line_key,
    everything.line_kind,
    everything.ladder_step,
    everything.source,
    everything.account_key,
    everything.invoice_key,
    coalesce(everything.invoice_number, invoice_values.invoice_number) as invoice_number,
    coalesce(everything.invoice_kind, invoice_values.invoice_kind) as invoice_kind,
    coalesce(everything.order_key, document_cohorts.order_key) as order_key,
    everything.product_key,
    everything.cost_pool,
    everything.currency_code,
    everything.exchange_rate_source,
    everything.source_url,
    everything.quantity,
    everything.document_amount,
    everything.document_cost_amount,
    everything.exchange_rate,
    everything.gross_amount,
    everything.discount_amount,
    everything.credited_amount,
    everything.revenue_amount,
    everything.cost_amount,
    everything.step_amount,
    everything.is_cost_missing,
    everything.is_rate_missing,
    everything.posted_date,
    coalesce(document_cohorts.cohort_date, order_first_invoices.first_invoiced_date, everything.posted_date)
        as cohort_date,
    everything.exchange_rate_date
from everything
left join invoice_values on everything.invoice_key = invoice_values.invoice_key
left join document_cohorts on everything.invoice_key = document_cohorts.invoice_key
left join order_first_invoices on everything.order_key = order_first_invoices.order_key
