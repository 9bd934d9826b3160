with

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where
        is_revenue
        and invoice_kind in ('invoice', 'credit_note', 'correction')
        and issued_date <= {{ as_of() }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

order_lines as (

    select * from {{ ref('order_lines') }}

),

products as (

    select * from {{ ref('products') }}

),

-- Freight and the like, fed as cost entries, say nothing about what the goods cost.
cost_entries as (

    select * from {{ ref('cost_entries') }}
    where {{ step_of_cost('kind') }} = 'cost_of_goods' and posted_date <= {{ as_of() }}

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

companies as (

    select * from {{ ref('companies') }}

),

hours as (

    select distinct companies.company
    from {{ ref('time_entries') }} as time_entries
    left join companies on time_entries.source = companies.source
    where time_entries.cost_rate is not null and time_entries.worked_date <= {{ as_of() }}

),

-- Where a company writes down hours and what they cost, they are the cost of its services, whichever system bills them.
hourly_sources as (

    select distinct invoice_values.source
    from invoice_values
    left join companies on invoice_values.source = companies.source
    inner join hours on {{ one_company('companies.company', 'hours.company') }}

),

lines as (

    select
        'invoice_line:' || invoice_lines.invoice_line_key as profitability_line_key,
        invoice_lines.invoice_key,
        coalesce(invoice_lines.order_key, invoice_values.order_key) as order_key,
        invoice_lines.product_key,
        invoice_lines.quantity,
        invoice_lines.net_amount,
        invoice_lines.discount_amount,
        invoice_lines.cost_amount,
        case
            when invoice_lines.cost_amount is not null then 1
            when costed_products.invoice_key is not null or costed_orders.order_key is not null then 1
            when invoice_lines.product_key is null and costing_sources.source is not null then 1
            when
                hourly_sources.source is not null
                and (
                    coalesce(order_lines.kind, products.kind) = 'service'
                    or (invoice_lines.product_key is null and order_lines.kind is null)
                )
                then 1
            else 0
        end as has_cost
    from invoice_lines
    inner join invoice_values on invoice_lines.invoice_key = invoice_values.invoice_key
    left join order_lines on invoice_lines.order_line_key = order_lines.order_line_key
    left join products on invoice_lines.product_key = products.product_key
    left join costed_products
        on
            invoice_lines.invoice_key = costed_products.invoice_key
            and invoice_lines.product_key = costed_products.product_key
    left join costed_orders
        on coalesce(invoice_lines.order_key, invoice_values.order_key) = costed_orders.order_key
    left join costing_sources on invoice_lines.source = costing_sources.source
    left join hourly_sources on invoice_values.source = hourly_sources.source
    union all
    select
        'invoice:' || invoice_values.invoice_key as profitability_line_key,
        invoice_values.invoice_key,
        invoice_values.order_key,
        cast(null as {{ dbt.type_string() }}) as product_key,
        cast(null as decimal(18, 4)) as quantity,
        invoice_values.net_amount,
        cast(null as decimal(18, 4)) as discount_amount,
        cast(null as decimal(18, 4)) as cost_amount,
        case when hourly_sources.source is not null then 1 else 0 end as has_cost
    from invoice_values
    left join hourly_sources on invoice_values.source = hourly_sources.source
    where invoice_values.lines_counted = 0

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
valued as (

    select
        *,
        cast(
            cast(net_amount_so_far * exchange_rate as decimal(18, 4))
            - cast((net_amount_so_far - net_amount) * exchange_rate as decimal(18, 4))
            as decimal(18, 4)
        ) as revenue_amount,
        cast(
            case when invoice_kind = 'invoice' then discount_amount * exchange_rate end as decimal(18, 4)
        ) as invoiced_discount_amount
    from invoiced

)

select
    profitability_line_key,
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
    quantity,
    net_amount as document_amount,
    cost_amount as document_cost_amount,
    exchange_rate,
    case
        when invoice_kind = 'invoice'
            then cast(revenue_amount + coalesce(invoiced_discount_amount, 0) as decimal(18, 4))
    end as gross_amount,
    invoiced_discount_amount as discount_amount,
    case when invoice_kind <> 'invoice' then revenue_amount end as credited_amount,
    revenue_amount,
    cast(cost_amount * exchange_rate as decimal(18, 4)) as cost_amount,
    is_cost_missing,
    is_rate_missing,
    issued_date as posted_date,
    exchange_rate_date
from valued
