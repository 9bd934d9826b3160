{#- Money that is on no document: what it is, which key, account and day it has, what it is worth. -#}
{%- set postings = [
    ('payment', 'payments', 'payment_key', 'account_key', 'paid_date', 'amount'),
    ('deduction', 'deductions', 'deduction_key', 'account_key', 'posted_date', 'amount'),
    ('time_entry', 'time_entries', 'time_entry_key', 'account_key', 'worked_date', 'hours * cost_rate'),
    (
        'shipment', 'shipments', 'shipment_key', 'account_key', local_date('shipped_at'),
        'coalesce(freight_cost_amount, 0) - coalesce(freight_charged_amount, 0)'
    ),
    ('marketing_cost', 'marketing_costs', 'marketing_cost_key', 'null', 'cost_date', 'amount'),
] -%}
with

deals as (

    select * from {{ ref('deals') }}

),

invoices as (

    select * from {{ ref('invoices') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

cost_pool_periods as (

    select * from {{ ref('cost_pool_periods') }}

),

postings as (
    {% for entity, table, key, account, day, amount in postings %}
        select
            '{{ entity }}' as entity,
            {{ key }} as record_key,
            source,
            source_url,
            {{ account }} as account_key,
            currency_code,
            cast({{ amount }} as decimal(18, 2)) as amount,
            cast({{ day }} as date) as posted_date
        from {{ ref(table) }}
        where {{ amount }} <> 0 and {{ day }} <= {{ as_of() }}
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    'missing_cost' as code,
    'invoice_line' as entity,
    profitability_line_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    owner_name,
    reporting_currency_code as currency_code,
    {{ json_text({'invoice_number': 'invoice_number', 'product': 'product_name'}) }} as parameters,
    source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    revenue_amount as amount,
    posted_date as since_date
from profitability_lines
where is_cost_missing and coalesce(document_amount, 0) <> 0
union all
select
    'missing_rate' as code,
    'invoice' as entity,
    invoice_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    currency_code,
    {{ json_text({'number': 'invoice_number', 'currency': 'currency_code', 'date': 'issued_date'}) }} as parameters,
    source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    net_amount as amount,
    issued_date as since_date
from invoice_values
where is_rate_missing
union all
select
    'missing_rate' as code,
    'order' as entity,
    order_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    owner_name,
    currency_code,
    {{ json_text({'number': 'order_number', 'currency': 'currency_code', 'date': 'ordered_date'}) }} as parameters,
    source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    document_amount as amount,
    ordered_date as since_date
from order_cycle_time
where document_amount <> 0 and order_amount is null
union all
select
    'missing_rate' as code,
    'cost_entry' as entity,
    profitability_line_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    owner_name,
    currency_code,
    {{ json_text({'number': 'invoice_number', 'currency': 'currency_code', 'date': 'posted_date'}) }} as parameters,
    source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    document_cost_amount as amount,
    posted_date as since_date
from profitability_lines
where document_cost_amount <> 0 and line_kind <> 'invoice_line' and exchange_rate is null
union all
select
    'missing_rate' as code,
    'deal' as entity,
    deals.deal_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    deals.source,
    deals.account_key,
    funnel_to_cash.owner_name,
    deals.currency_code,
    {{ json_text({
        'number': 'deals.name',
        'currency': 'deals.currency_code',
        'date': 'funnel_to_cash.closed_date'
    }) }} as parameters,
    deals.source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    deals.amount,
    funnel_to_cash.deal_created_date as since_date
from deals
inner join funnel_to_cash on deals.deal_key = funnel_to_cash.deal_key
where deals.amount <> 0 and funnel_to_cash.deal_amount is null
union all
select
    'missing_rate' as code,
    postings.entity,
    postings.record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    postings.source,
    postings.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    postings.currency_code,
    {{ json_text({
        'number': vendor_id('postings.record_key'),
        'currency': 'postings.currency_code',
        'date': 'postings.posted_date'
    }) }} as parameters,
    postings.source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    postings.amount,
    postings.posted_date as since_date
from postings
left join reporting_rates
    on
        postings.currency_code = reporting_rates.currency_code
        and postings.posted_date = reporting_rates.priced_date
where reporting_rates.exchange_rate is null
union all
select
    'missing_rate' as code,
    'cost_pool' as entity,
    cost_pool_periods.cost_pool_use_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    cast(null as {{ dbt.type_string() }}) as source,
    cast(null as {{ dbt.type_string() }}) as account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cost_pool_periods.currency_code,
    {{ json_text({
        'number': "cost_pool_periods.pool || ' ' || cost_pool_periods.period",
        'currency': 'cost_pool_periods.currency_code',
        'date': 'cost_pool_periods.priced_date'
    }) }} as parameters,
    cast(null as {{ dbt.type_string() }}) as source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    cost_pool_periods.document_amount as amount,
    cost_pool_periods.priced_date as since_date
from cost_pool_periods
left join reporting_rates
    on
        cost_pool_periods.currency_code = reporting_rates.currency_code
        and cost_pool_periods.priced_date = reporting_rates.priced_date
where cost_pool_periods.document_amount <> 0 and reporting_rates.exchange_rate is null
union all
select
    'lines_differ_from_document' as code,
    'invoice' as entity,
    invoice_values.invoice_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    invoice_values.source,
    invoice_values.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    invoice_values.currency_code,
    {{ json_text({
        'number': 'invoice_values.invoice_number',
        'lines': 'invoice_values.net_amount',
        'document': 'invoices.net_amount'
    }) }} as parameters,
    invoice_values.source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    invoice_values.net_amount - invoices.net_amount as amount,
    invoice_values.issued_date as since_date
from invoice_values
inner join invoices on invoice_values.invoice_key = invoices.invoice_key
where invoice_values.lines_counted > 0 and abs(invoice_values.net_amount - invoices.net_amount) >= 0.01
