with

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

cost_entries as (

    select * from {{ ref('cost_entries') }}
    where coalesce(kind, '') not in ('freight', 'packaging', 'fee', 'rebate', 'commission')

),

orders as (

    select * from {{ ref('orders') }}

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

people as (

    select * from {{ ref('people') }}

),

products as (

    select * from {{ ref('products') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

-- Cost is booked on the first line of a product: it covers every line of that product on the invoice.
costed_products as (

    select distinct
        invoice_lines.invoice_key,
        invoice_lines.product_key
    from cost_entries
    inner join invoice_lines on cost_entries.invoice_line_key = invoice_lines.invoice_line_key
    where cost_entries.amount <> 0

),

costed_orders as (

    select distinct order_key
    from cost_entries
    where invoice_line_key is null and order_key is not null and amount <> 0

),

-- A system that books no cost at all knows the cost of nothing, not even of its services.
costing_sources as (

    select source
    from cost_entries
    union distinct
    select source
    from invoice_lines
    where cost_amount is not null

),

lines as (

    select
        'invoice_line:' || invoice_lines.invoice_line_key as profitability_line_key,
        invoice_lines.invoice_key,
        invoice_lines.invoice_line_key,
        coalesce(invoice_lines.order_key, invoice_values.order_key) as order_key,
        invoice_lines.product_key,
        invoice_lines.net_amount,
        invoice_lines.discount_amount,
        invoice_lines.cost_amount,
        case
            when invoice_lines.cost_amount is not null then 1
            when costed_products.invoice_key is not null or costed_orders.order_key is not null then 1
            when invoice_lines.product_key is null and costing_sources.source is not null then 1
            else 0
        end as has_cost
    from invoice_lines
    inner join invoice_values on invoice_lines.invoice_key = invoice_values.invoice_key and invoice_values.is_revenue
    left join costed_products
        on
            invoice_lines.invoice_key = costed_products.invoice_key
            and invoice_lines.product_key = costed_products.product_key
    left join costed_orders
        on coalesce(invoice_lines.order_key, invoice_values.order_key) = costed_orders.order_key
    left join costing_sources on invoice_lines.source = costing_sources.source
    union all
    select
        'invoice:' || invoice_key as profitability_line_key,
        invoice_key,
        cast(null as {{ dbt.type_string() }}) as invoice_line_key,
        order_key,
        cast(null as {{ dbt.type_string() }}) as product_key,
        net_amount,
        cast(null as decimal(18, 4)) as discount_amount,
        cast(null as decimal(18, 4)) as cost_amount,
        0 as has_cost
    from invoice_values
    where is_revenue and lines_counted = 0

),

product_costs as (

    select
        invoice_key,
        coalesce(product_key, '') as product_key,
        min(has_cost) as has_cost
    from lines
    group by 1, 2

),

costed_ever as (

    select
        product_key,
        max(has_cost) as has_cost
    from lines
    where product_key is not null
    group by 1

),

-- Goods that come back without cost were not put back on the shelf: nothing is given back, and that is known. Where the
-- sale itself has no known cost (or, if the credit does not name it, no sale of that product has), its credit has none.
invoiced as (

    select
        lines.*,
        invoice_values.account_key,
        invoice_values.source,
        invoice_values.source_url,
        invoice_values.invoice_number,
        invoice_values.invoice_kind,
        invoice_values.currency_code,
        invoice_values.exchange_rate_source,
        invoice_values.exchange_rate,
        invoice_values.is_rate_missing,
        invoice_values.issued_date,
        invoice_values.exchange_rate_date,
        case
            when lines.has_cost = 1 then false
            when invoice_values.invoice_kind = 'invoice' or costing_sources.source is null then true
            else coalesce(product_costs.has_cost, costed_ever.has_cost, 1) = 0
        end as is_cost_missing,
        sum(lines.net_amount) over (
            partition by lines.invoice_key order by lines.profitability_line_key rows unbounded preceding
        ) as net_amount_so_far
    from lines
    inner join invoice_values on lines.invoice_key = invoice_values.invoice_key
    left join product_costs
        on
            invoice_values.corrects_invoice_key = product_costs.invoice_key
            and coalesce(lines.product_key, '') = product_costs.product_key
    left join costed_ever on lines.product_key = costed_ever.product_key
    left join costing_sources on invoice_values.source = costing_sources.source

),

-- Rounding goes on from line to line, so that the lines sum to their document.
sold as (

    select
        profitability_line_key,
        'invoice_line' as line_kind,
        source,
        account_key,
        invoice_key,
        invoice_number,
        invoice_kind,
        order_key,
        product_key,
        currency_code,
        exchange_rate_source,
        source_url,
        net_amount as document_amount,
        cost_amount as document_cost_amount,
        exchange_rate,
        cast(net_amount_so_far * exchange_rate as decimal(18, 4))
        - cast((net_amount_so_far - net_amount) * exchange_rate as decimal(18, 4)) as revenue_amount,
        cast(discount_amount * exchange_rate as decimal(18, 4)) as discount_amount,
        cast(cost_amount * exchange_rate as decimal(18, 4)) as cost_amount,
        is_cost_missing,
        is_rate_missing,
        issued_date as posted_date,
        exchange_rate_date
    from invoiced

),

-- Cost of a document that was cancelled leaves with it.
posted as (

    select
        'cost_posting:' || cost_entries.cost_entry_key as profitability_line_key,
        'cost_posting' as line_kind,
        cost_entries.source,
        coalesce(invoice_values.account_key, cost_entries.account_key, orders.account_key) as account_key,
        invoice_values.invoice_key,
        invoice_values.invoice_number,
        invoice_values.invoice_kind,
        coalesce(cost_entries.order_key, invoice_lines.order_key, invoice_values.order_key) as order_key,
        invoice_lines.product_key,
        cost_entries.currency_code,
        coalesce(reporting_rates.exchange_rate_source, 'none') as exchange_rate_source,
        coalesce(cost_entries.source_url, invoice_values.source_url) as source_url,
        cast(0 as decimal(18, 4)) as document_amount,
        cost_entries.amount as document_cost_amount,
        reporting_rates.exchange_rate,
        cast(0 as decimal(18, 4)) as revenue_amount,
        cast(0 as decimal(18, 4)) as discount_amount,
        cast(cost_entries.amount * reporting_rates.exchange_rate as decimal(18, 4)) as cost_amount,
        false as is_cost_missing,
        reporting_rates.exchange_rate is null or coalesce(invoice_values.is_rate_missing, false) as is_rate_missing,
        cost_entries.posted_date,
        reporting_rates.exchange_rate_date
    from cost_entries
    left join invoice_lines on cost_entries.invoice_line_key = invoice_lines.invoice_line_key
    left join invoice_values on invoice_lines.invoice_key = invoice_values.invoice_key
    left join orders on cost_entries.order_key = orders.order_key
    left join reporting_rates
        on
            cost_entries.currency_code = reporting_rates.currency_code
            and cost_entries.posted_date = reporting_rates.priced_date
    where invoice_lines.invoice_line_key is null or invoice_values.is_revenue

),

everything as (

    select * from sold
    union all
    select * from posted

)

select
    everything.profitability_line_key,
    everything.line_kind,
    everything.source,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    everything.account_key,
    everything.invoice_key,
    everything.invoice_number,
    everything.invoice_kind,
    everything.order_key,
    everything.product_key,
    products.name as product_name,
    products.category,
    coalesce(orders.owner_key, accounts.owner_key, customers.owner_key) as owner_key,
    people.name as owner_name,
    orders.channel,
    everything.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    everything.exchange_rate_source,
    everything.source_url,
    cast(everything.document_amount as decimal(18, 4)) as document_amount,
    cast(everything.document_cost_amount as decimal(18, 4)) as document_cost_amount,
    everything.exchange_rate,
    cast(everything.revenue_amount as decimal(18, 4)) as revenue_amount,
    everything.discount_amount,
    everything.cost_amount,
    cast(
        case when not everything.is_cost_missing and not everything.is_rate_missing then everything.revenue_amount end
        as decimal(18, 4)
    ) as revenue_with_cost_amount,
    cast(
        case
            when not everything.is_cost_missing and not everything.is_rate_missing
                then everything.revenue_amount - coalesce(everything.cost_amount, 0)
        end
        as decimal(18, 4)
    ) as cm1_amount,
    everything.is_cost_missing,
    everything.is_rate_missing,
    everything.posted_date,
    {{ month_of('everything.posted_date') }} as posted_month,
    everything.exchange_rate_date
from everything
left join account_matches on everything.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
left join accounts on everything.account_key = accounts.account_key
left join orders on everything.order_key = orders.order_key
left join people on coalesce(orders.owner_key, accounts.owner_key, customers.owner_key) = people.person_key
left join products on everything.product_key = products.product_key
