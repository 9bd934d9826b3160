{%- set until = months_ago(0) -%}
with

customer_profitability as (

    select * from {{ ref('customer_profitability') }}

),

customer_purchases as (

    select
        customer_key,
        {{ month_of('purchase_date') }} as purchase_month
    from {{ ref('customer_purchases') }}
    where customer_key <> 'unknown'

),

cohorts as (

    select
        customer_key,
        min(purchase_month) as cohort_month
    from customer_purchases
    group by 1

),

sizes as (

    select
        cohort_month,
        count(*) as customers_in_cohort
    from cohorts
    group by 1

),

span as (

    select
        min(cohort_month) as first_month,
        {{ until }} as last_month
    from sizes

),

every_month as (

    select {{ every_month('first_month', 'last_month') }} as month
    from span

),

months as (

    select cast(month as date) as month
    from every_month

),

grid as (

    select
        sizes.cohort_month,
        sizes.customers_in_cohort,
        months.month,
        {{ dbt.datediff('sizes.cohort_month', 'months.month', 'month') }}
            as months_since
    from sizes
    inner join months on sizes.cohort_month <= months.month

),

active as (

    select
        cohorts.cohort_month,
        customer_purchases.purchase_month as month,
        count(distinct customer_purchases.customer_key) as customers_active
    from customer_purchases
    inner join cohorts on customer_purchases.customer_key = cohorts.customer_key
    group by 1, 2

),

levels as (

    select {{ deepest_contribution() }} as contribution_level
    from customer_profitability
    where month < {{ until }}

),

-- What was spent on a customer before the first purchase belongs to its month.
money as (

    select
        cohorts.cohort_month,
        greatest(customer_profitability.month, cohorts.cohort_month) as month,
        sum(customer_profitability.revenue_amount) as revenue_amount,
        sum({{ contribution_at('levels.contribution_level') }}) as contribution_amount,
        count(
            distinct case
                when {{ contribution_at('levels.contribution_level') }} is null then customer_profitability.customer_key
            end
        ) as customers_missing_contribution
    from customer_profitability
    inner join cohorts on customer_profitability.customer_key = cohorts.customer_key
    cross join levels
    group by 1, 2

)

select
    cast(grid.cohort_month as {{ dbt.type_string() }}) || ':' || cast(grid.months_since as {{ dbt.type_string() }})
        as customer_retention_key,
    {{ reporting_currency() }} as reporting_currency_code,
    levels.contribution_level,
    cast(grid.months_since as integer) as months_since,
    grid.customers_in_cohort,
    case when grid.month < {{ until }} then grid.customers_in_cohort end as customers_observed,
    case when grid.month < {{ until }} then coalesce(active.customers_active, 0) end as customers_active,
    cast(
        case
            when grid.month >= {{ until }} then null
            when money.month is null then 0
            else money.revenue_amount
        end as decimal(18, 4)
    ) as revenue_amount,
    cast(
        case
            when grid.month >= {{ until }} then null
            when money.month is null then 0
            else money.contribution_amount
        end as decimal(18, 4)
    ) as contribution_amount,
    case when grid.month < {{ until }} then coalesce(money.customers_missing_contribution, 0) end
        as customers_missing_contribution,
    grid.month < {{ until }} as is_month_over,
    grid.cohort_month = (select min(sizes.cohort_month) from sizes) as is_first_of_data,
    grid.cohort_month,
    grid.month
from grid
cross join levels
left join active on grid.cohort_month = active.cohort_month and grid.month = active.month
left join money on grid.cohort_month = money.cohort_month and grid.month = money.month
