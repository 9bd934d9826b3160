with

customer_profitability as (

    select * from {{ ref('customer_profitability') }}

),

customers as (

    select * from {{ ref('customers') }}

),

lifetime_parameters as (

    select * from {{ ref('lifetime_parameters') }}

),

lifetime_predictions as (

    select * from {{ ref('lifetime_predictions') }}

),

purchases as (

    select
        customer_key,
        count(*) as purchases_counted,
        min(purchase_date) as first_purchase_date,
        max(purchase_date) as last_purchase_date
    from {{ ref('customer_purchases') }}
    group by 1

),

levels as (

    select {{ deepest_contribution() }} as contribution_level
    from customer_profitability

),

months as (

    select
        customer_profitability.customer_key,
        customer_profitability.revenue_with_cost_amount,
        {{ contribution_at('levels.contribution_level') }} as contribution_amount,
        greatest(
            {{ dbt.datediff('purchases.first_purchase_date', 'customer_profitability.month', 'month') }}, 0
        ) as months_since
    from customer_profitability
    cross join levels
    left join purchases on customer_profitability.customer_key = purchases.customer_key

),

-- What came later is worth less on the day of the first purchase.
sums as (

    select
        customer_key,
        sum(contribution_amount) as contribution_amount,
        sum(revenue_with_cost_amount) as revenue_with_cost_amount,
        sum(
            cast(
                contribution_amount
                / power(1 + cast({{ figure_limit('discount_rate') }} as double), coalesce(months_since, 0) / 12.0)
                as decimal(18, 4)
            )
        ) as historic_value_amount
    from months
    group by 1

),

firm as (

    select
        sum(contribution_amount) as contribution_amount,
        sum(revenue_with_cost_amount) as revenue_with_cost_amount
    from sums

),

-- One purchase says as little about a customer's margin as about his rate: until he buys again, all together speak. Who
-- buys again and costs more than he brings keeps the margin he has, down to the loss of all that he pays.
margins as (

    select
        purchases.*,
        sums.contribution_amount,
        sums.historic_value_amount,
        case
            when
                purchases.purchases_counted > 1
                and sums.revenue_with_cost_amount > 0
                and sums.contribution_amount is not null
                then 'own'
            when firm.revenue_with_cost_amount > 0 and firm.contribution_amount is not null then 'firm'
        end as margin_of,
        sums.contribution_amount as own_contribution_amount,
        sums.revenue_with_cost_amount as own_revenue_amount,
        firm.contribution_amount as firm_contribution_amount,
        firm.revenue_with_cost_amount as firm_revenue_amount
    from purchases
    cross join firm
    left join sums on purchases.customer_key = sums.customer_key

),

fitted as (

    select
        margins.*,
        case margins.margin_of
            when 'own'
                then greatest(
                    least({{ exact_ratio('margins.own_contribution_amount', 'margins.own_revenue_amount') }}, 1), -1
                )
            when 'firm' then {{ exact_ratio('margins.firm_contribution_amount', 'margins.firm_revenue_amount') }}
        end as margin,
        case
            when margins.customer_key = 'unknown' then 'unknown_customer'
            when lifetime_predictions.customer_key is null then 'not_enough_history'
            when margins.margin_of is null then 'margin_not_known'
            else 'predicted'
        end as status,
        lifetime_predictions.probability_alive,
        lifetime_predictions.purchases_expected_in_a_year,
        lifetime_predictions.purchases_discounted,
        lifetime_predictions.purchase_value_amount,
        lifetime_parameters.fitted_until_date,
        lifetime_parameters.repeat_customers_counted,
        lifetime_parameters.holdout_purchases_counted,
        lifetime_parameters.holdout_purchases_expected,
        lifetime_parameters.holdout_difference,
        abs(lifetime_parameters.holdout_purchases_expected - lifetime_parameters.holdout_purchases_counted)
        <= {{ figure_limit('clv_backtest_tolerance') }} * lifetime_parameters.holdout_purchases_counted
            as is_backtest_ok
    from margins
    left join lifetime_predictions on margins.customer_key = lifetime_predictions.customer_key
    left join lifetime_parameters on true

)

select
    fitted.customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    customers.segment,
    customers.country_code,
    customers.owner_name,
    {{ reporting_currency() }} as reporting_currency_code,
    levels.contribution_level,
    fitted.status,
    fitted.margin_of,
    cast(fitted.contribution_amount as decimal(18, 4)) as contribution_amount,
    cast(fitted.historic_value_amount as decimal(18, 4)) as historic_value_amount,
    cast(
        fitted.purchases_discounted * fitted.purchase_value_amount * cast(fitted.margin as double) as decimal(18, 4)
    ) as predicted_value_amount,
    cast(fitted.purchase_value_amount as decimal(18, 4)) as purchase_value_amount,
    cast(fitted.margin as decimal(9, 6)) as margin,
    cast(fitted.probability_alive as decimal(9, 6)) as probability_alive,
    cast(fitted.purchases_expected_in_a_year as decimal(18, 4)) as purchases_expected_in_a_year,
    cast({{ figure_limit('clv_horizon_months') }} as integer) as horizon_months,
    fitted.purchases_counted,
    fitted.repeat_customers_counted,
    fitted.holdout_purchases_counted,
    cast(fitted.holdout_purchases_expected as decimal(18, 4)) as holdout_purchases_expected,
    cast(fitted.holdout_difference as decimal(18, 4)) as holdout_difference,
    fitted.is_backtest_ok,
    {{ month_of('fitted.first_purchase_date') }} as cohort_month,
    fitted.first_purchase_date,
    fitted.last_purchase_date,
    fitted.fitted_until_date
from fitted
cross join levels
left join customers on fitted.customer_key = customers.customer_key
