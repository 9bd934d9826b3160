with

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

customers as (

    select * from {{ ref('customers') }}

),

months as (

    select
        customer_key,
        customer_name,
        posted_month,
        sum(revenue_amount) as revenue_amount,
        sum(case when invoice_kind in ('credit_note', 'correction') then revenue_amount end) as credited_amount,
        sum(discount_amount) as discount_amount,
        sum(cost_amount) as cost_amount,
        sum(cm1_amount) as cm1_amount,
        sum(revenue_with_cost_amount) as revenue_with_cost_amount,
        sum(case when is_cost_missing then revenue_amount end) as revenue_without_cost_amount,
        count(distinct case when line_kind = 'invoice_line' and invoice_kind = 'invoice' then invoice_key end)
            as invoices_counted,
        count(case when line_kind = 'invoice_line' then 1 end) as lines_counted,
        count(case when is_cost_missing then 1 end) as lines_missing_cost,
        count(case when is_rate_missing then 1 end) as lines_missing_rate
    from profitability_lines
    group by 1, 2, 3

)

select
    months.customer_key || ':' || cast(months.posted_month as {{ dbt.type_string() }}) as customer_profitability_key,
    months.customer_key,
    months.customer_name,
    customers.segment,
    customers.country_code,
    customers.owner_name,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(months.revenue_amount as decimal(18, 4)) as revenue_amount,
    cast(coalesce(months.credited_amount, 0) as decimal(18, 4)) as credited_amount,
    cast(months.discount_amount as decimal(18, 4)) as discount_amount,
    cast(months.cost_amount as decimal(18, 4)) as cost_amount,
    cast(months.cm1_amount as decimal(18, 4)) as cm1_amount,
    cast(null as decimal(18, 4)) as cm2_amount,
    cast(null as decimal(18, 4)) as cm3_amount,
    cast(months.revenue_with_cost_amount as decimal(18, 4)) as revenue_with_cost_amount,
    cast(coalesce(months.revenue_without_cost_amount, 0) as decimal(18, 4)) as revenue_without_cost_amount,
    months.invoices_counted,
    months.lines_counted,
    months.lines_missing_cost,
    months.lines_missing_rate,
    months.posted_month as month
from months
left join customers on months.customer_key = customers.customer_key
