with

deals as (

    select * from {{ ref('deals') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

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
    where coalesce(status, '') <> 'draft'
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
    where is_revenue and issued_date <= {{ as_of() }}
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

)

-- Money that was shared out or turned into another currency may differ by the rounding; money only carried over may
-- not.
select
    totals.check_code,
    'all' as source,
    totals.entity,
    case when totals.check_code <> 'deals_to_funnel_rows' then {{ reporting_currency() }} end as currency_code,
    totals.left_amount,
    totals.right_amount,
    case
        when totals.check_code in ('lines_to_customers_revenue', 'deals_to_funnel_rows') then 0
        else 0.005 * funnel_size.anchors_counted
    end as tolerance,
    cast(null as date) as period_month
from totals
cross join funnel_size
where totals.left_amount is not null and totals.right_amount is not null
