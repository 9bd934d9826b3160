-- No source feeds what is owed to suppliers: the sum of three parts is not shown while one of them is unknown.

with

days_sales_outstanding as (

    select * from {{ ref('days_sales_outstanding') }}
    where grouped_by = 'all'

),

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

stock_levels as (

    select * from {{ ref('stock_levels') }}
    where as_of_date <= {{ as_of() }} and stock_value is not null

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

-- Warehouses are not counted on one day: each stands in a month with its own last count.
stock_days as (

    select
        source,
        warehouse,
        {{ month_of('as_of_date') }} as month,
        max(as_of_date) as as_of_date
    from stock_levels
    group by 1, 2, 3

),

stock_values as (

    select
        stock_days.month,
        case
            when stock_levels.currency_code <> {{ reporting_currency() }}
                then stock_levels.stock_value * reporting_rates.exchange_rate
            else stock_levels.stock_value
        end as stock_amount
    from stock_levels
    inner join stock_days
        on
            stock_levels.source = stock_days.source
            and stock_levels.warehouse = stock_days.warehouse
            and stock_levels.as_of_date = stock_days.as_of_date
    left join reporting_rates
        on
            stock_levels.currency_code = reporting_rates.currency_code
            and stock_levels.as_of_date = reporting_rates.priced_date

),

-- One value without a rate leaves the stock unknown.
stock as (

    select
        month,
        case when count(stock_amount) = count(*) then sum(stock_amount) end as stock_amount
    from stock_values
    group by 1

),

costs as (

    select
        posted_month as month,
        sum(cost_amount) as cost_amount
    from profitability_lines
    where cost_amount is not null and posted_month <= {{ as_of() }}
    group by 1

),

ranges as (

    select
        month,
        months,
        days,
        average_closing_gross_amount,
        sales_gross_amount,
        balance_date
    from days_sales_outstanding

),

cost_of_ranges as (

    select
        ranges.month,
        ranges.months,
        sum(costs.cost_amount) as cost_amount
    from ranges
    inner join costs
        on
            ranges.month >= costs.month
            and costs.month > cast({{ dbt.dateadd('month', '-ranges.months', 'ranges.month') }} as date)
    group by 1, 2

)

select
    cast(ranges.month as {{ dbt.type_string() }}) || ':' || cast(ranges.months as {{ dbt.type_string() }})
        as cash_conversion_cycle_key,
    {{ reporting_currency() }} as reporting_currency_code,
    'payables_not_loaded' as unavailable_reason,
    ranges.months,
    ranges.days,
    ranges.average_closing_gross_amount as receivables_gross_amount,
    ranges.sales_gross_amount,
    cast(stock.stock_amount as decimal(18, 4)) as stock_amount,
    cast(cost_of_ranges.cost_amount as decimal(18, 4)) as cost_amount,
    cast(null as decimal(18, 4)) as payables_amount,
    cast(null as decimal(18, 2)) as cash_conversion_days,
    ranges.month,
    ranges.balance_date
from ranges
left join stock on ranges.month = stock.month
left join cost_of_ranges on ranges.month = cost_of_ranges.month and ranges.months = cost_of_ranges.months
