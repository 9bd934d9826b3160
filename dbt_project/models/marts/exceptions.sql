with

quarantined_values as (

    select * from {{ ref('quarantined_values') }}

),

accounts as (

    select * from {{ ref('accounts') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

leads as (

    select * from {{ ref('leads') }}

),

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

coverage as (

    select * from {{ ref('coverage') }}

),

steps as (

    select
        max(case when entity = 'deals' and is_fed then 1 else 0 end) = 1 as is_deal_known,
        max(case when entity = 'orders' and is_fed then 1 else 0 end) = 1 as is_order_known
    from coverage

),

missing_costs as (

    select
        'missing_cost' as code,
        'warning' as severity,
        'invoice_line' as entity,
        profitability_line_key as record_key,
        source,
        account_key,
        owner_name,
        revenue_amount as amount,
        reporting_currency_code as currency_code,
        {{ json_text({'invoice_number': 'invoice_number', 'product': 'product_name'}) }} as parameters,
        posted_date as since_date,
        source_url
    from profitability_lines
    where is_cost_missing and coalesce(document_amount, 0) <> 0

),

missing_rates as (

    select
        'missing_rate' as code,
        'error' as severity,
        'invoice' as entity,
        invoice_key as record_key,
        source,
        account_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        net_amount as amount,
        currency_code,
        {{ json_text({'number': 'invoice_number', 'currency': 'currency_code', 'date': 'issued_date'}) }} as parameters,
        issued_date as since_date,
        source_url
    from invoice_values
    where is_rate_missing
    union all
    select
        'missing_rate' as code,
        'error' as severity,
        'order' as entity,
        order_key,
        source,
        account_key,
        owner_name,
        document_amount,
        currency_code,
        {{ json_text({'number': 'order_number', 'currency': 'currency_code', 'date': 'ordered_date'}) }} as parameters,
        ordered_date,
        source_url
    from order_cycle_time
    where document_amount <> 0 and order_amount is null
    union all
    select
        'missing_rate' as code,
        'error' as severity,
        'cost_entry' as entity,
        profitability_line_key,
        source,
        account_key,
        owner_name,
        document_cost_amount,
        currency_code,
        {{ json_text({'number': 'invoice_number', 'currency': 'currency_code', 'date': 'posted_date'}) }} as parameters,
        posted_date,
        source_url
    from profitability_lines
    where line_kind = 'cost_posting' and cost_amount is null
    union all
    select
        'missing_rate' as code,
        'error' as severity,
        'deal' as entity,
        deals.deal_key,
        deals.source,
        deals.account_key,
        funnel_to_cash.owner_name,
        deals.amount,
        deals.currency_code,
        {{ json_text({
            'number': 'deals.name',
            'currency': 'deals.currency_code',
            'date': 'funnel_to_cash.closed_date'
        }) }} as parameters,
        funnel_to_cash.deal_created_date,
        deals.source_url
    from deals
    inner join funnel_to_cash on deals.deal_key = funnel_to_cash.deal_key
    where deals.amount <> 0 and funnel_to_cash.deal_amount is null

),

tax_ids as (

    select
        'tax_id_fails_checksum' as code,
        'info' as severity,
        'account' as entity,
        account_key as record_key,
        source,
        account_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as decimal(18, 4)) as amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        {{ json_text({'name': 'name', 'tax_id': 'tax_id'}) }} as parameters,
        {{ local_date('created_at') }} as since_date,
        source_url
    from accounts
    where tax_id is not null and {{ valid_tax_id('tax_id', 'country_code') }} is null

),

named as (

    select
        'account' as entity,
        account_key as record_key,
        source,
        account_key,
        name,
        {{ junk_reason('name') }} as reason,
        created_at,
        source_url
    from accounts
    union all
    select
        'lead' as entity,
        lead_key,
        source,
        account_key,
        company_name,
        {{ junk_reason('company_name') }} as reason,
        created_at,
        source_url
    from leads
    union all
    select
        'deal' as entity,
        deal_key,
        source,
        account_key,
        name,
        excluded_reason,
        created_at,
        source_url
    from deals

),

junk as (

    select
        'junk_value' as code,
        'info' as severity,
        entity,
        record_key,
        source,
        account_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as decimal(18, 4)) as amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        {{ json_text({'name': 'name', 'reason': 'reason'}) }} as parameters,
        {{ local_date('created_at') }} as since_date,
        source_url
    from named
    where reason is not null

),

impossible_dates as (

    select
        'impossible_dates' as code,
        'warning' as severity,
        'order' as entity,
        order_key as record_key,
        source,
        account_key,
        owner_name,
        order_amount as amount,
        reporting_currency_code as currency_code,
        {{ json_text({
            'number': 'order_number',
            'ordered': 'ordered_date',
            'requested': 'requested_date',
            'promised': 'promised_date',
            'confirmed': 'confirmed_date',
            'first_shipped': 'first_shipped_date',
            'delivered': 'delivered_date'
        }) }} as parameters,
        ordered_date as since_date,
        source_url
    from order_cycle_time
    where has_impossible_dates
    union all
    select
        'impossible_dates' as code,
        'warning' as severity,
        'deal' as entity,
        funnel_to_cash.deal_key,
        deals.source,
        deals.account_key,
        funnel_to_cash.owner_name,
        funnel_to_cash.deal_amount,
        funnel_to_cash.reporting_currency_code,
        {{ json_text({
            'number': 'funnel_to_cash.deal_name',
            'created': 'funnel_to_cash.deal_created_date',
            'closed': 'funnel_to_cash.closed_date'
        }) }} as parameters,
        funnel_to_cash.closed_date,
        funnel_to_cash.source_url
    from funnel_to_cash
    inner join deals on funnel_to_cash.deal_key = deals.deal_key
    where funnel_to_cash.closed_date < funnel_to_cash.deal_created_date

),

loose_ends as (

    select
        case funnel_to_cash.bucket when 'won_not_ordered' then 'won_deal_without_order' else funnel_to_cash.bucket end
            as code,
        case funnel_to_cash.bucket when 'won_not_ordered' then 'warning' else 'info' end as severity,
        funnel_to_cash.anchor_kind as entity,
        coalesce(funnel_to_cash.deal_key, funnel_to_cash.order_key, funnel_to_cash.invoice_key) as record_key,
        coalesce(deals.source, order_cycle_time.source, invoice_values.source) as source,
        coalesce(deals.account_key, order_cycle_time.account_key, invoice_values.account_key) as account_key,
        funnel_to_cash.owner_name,
        coalesce(funnel_to_cash.won_amount, funnel_to_cash.ordered_amount, funnel_to_cash.invoiced_amount) as amount,
        funnel_to_cash.reporting_currency_code as currency_code,
        {{ json_text({'number': 'funnel_to_cash.anchor_name', 'stage': 'funnel_to_cash.stage'}) }} as parameters,
        coalesce(funnel_to_cash.closed_date, funnel_to_cash.first_ordered_date, funnel_to_cash.first_invoiced_date)
            as since_date,
        funnel_to_cash.source_url
    from funnel_to_cash
    cross join steps
    left join deals on funnel_to_cash.deal_key = deals.deal_key
    left join order_cycle_time on funnel_to_cash.order_key = order_cycle_time.order_key
    left join invoice_values on funnel_to_cash.invoice_key = invoice_values.invoice_key
    where
        (funnel_to_cash.bucket = 'won_not_ordered' and not funnel_to_cash.is_excluded)
        or (funnel_to_cash.bucket = 'order_without_deal' and steps.is_deal_known)
        or (funnel_to_cash.bucket = 'invoice_without_order' and steps.is_order_known)

),

twins as (

    select
        customer_key,
        source,
        count(*) as accounts_counted
    from account_matches
    group by 1, 2
    having count(*) > 1

),

-- One firm kept twice in one system splits its figures there, whatever we join here.
duplicates as (

    select
        'duplicate_in_system' as code,
        'info' as severity,
        'account' as entity,
        accounts.account_key as record_key,
        accounts.source,
        accounts.account_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as decimal(18, 4)) as amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        {{ json_text({'name': 'accounts.name', 'accounts': 'twins.accounts_counted'}) }} as parameters,
        {{ local_date('accounts.created_at') }} as since_date,
        accounts.source_url
    from accounts
    inner join account_matches on accounts.account_key = account_matches.account_key
    inner join twins
        on account_matches.customer_key = twins.customer_key and account_matches.source = twins.source

),

unknown_customers as (

    select
        'unknown_customer' as code,
        'warning' as severity,
        'invoice' as entity,
        invoice_values.invoice_key as record_key,
        invoice_values.source,
        invoice_values.account_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        invoice_values.net_reporting_amount as amount,
        invoice_values.reporting_currency_code as currency_code,
        {{ json_text({'number': 'invoice_values.invoice_number'}) }} as parameters,
        invoice_values.issued_date as since_date,
        invoice_values.source_url
    from invoice_values
    left join account_matches on invoice_values.account_key = account_matches.account_key
    where account_matches.account_key is null

),

unequal_documents as (

    select
        'lines_differ_from_document' as code,
        'warning' as severity,
        'invoice' as entity,
        invoice_values.invoice_key as record_key,
        invoice_values.source,
        invoice_values.account_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        invoice_values.net_amount - invoices.net_amount as amount,
        invoice_values.currency_code,
        {{ json_text({
            'number': 'invoice_values.invoice_number',
            'lines': 'invoice_values.net_amount',
            'document': 'invoices.net_amount'
        }) }} as parameters,
        invoice_values.issued_date as since_date,
        invoice_values.source_url
    from invoice_values
    inner join invoices on invoice_values.invoice_key = invoices.invoice_key
    where invoice_values.lines_counted > 0 and abs(invoice_values.net_amount - invoices.net_amount) >= 0.01

),

unreadable_values as (

    select
        'quarantined_value' as code,
        'warning' as severity,
        stream as entity,
        source || ':' || coalesce(row_key, '') || ':' || column_name || ':' || reason as record_key,
        source,
        cast(null as {{ dbt.type_string() }}) as account_key,
        cast(null as {{ dbt.type_string() }}) as owner_name,
        cast(null as decimal(18, 4)) as amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        {{ json_text({'column': 'column_name', 'value': 'quarantined_value', 'reason': 'reason'}) }} as parameters,
        cast(null as date) as since_date,
        cast(null as {{ dbt.type_string() }}) as source_url
    from quarantined_values

),

everything as (

    select * from missing_costs
    union all
    select * from missing_rates
    union all
    select * from tax_ids
    union all
    select * from junk
    union all
    select * from impossible_dates
    union all
    select * from loose_ends
    union all
    select * from duplicates
    union all
    select * from unknown_customers
    union all
    select * from unequal_documents
    union all
    select * from unreadable_values

)

select
    everything.code || ':' || everything.entity || ':' || everything.record_key as exception_key,
    everything.code,
    everything.severity,
    everything.entity,
    everything.record_key,
    everything.source,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    coalesce(everything.owner_name, customers.owner_name) as owner_name,
    everything.currency_code,
    everything.parameters,
    everything.source_url,
    cast(everything.amount as decimal(18, 2)) as amount,
    everything.since_date
from everything
left join account_matches on everything.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
