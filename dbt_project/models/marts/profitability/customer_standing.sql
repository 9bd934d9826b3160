{%- set this_from, until, previous_from = months_ago(12), months_ago(0), months_ago(24) -%}
with

customer_profitability as (

    select * from {{ ref('customer_profitability') }}

),

customers as (

    select * from {{ ref('customers') }}

),

purchases as (

    select
        customer_key,
        min(purchase_date) as first_purchase_date,
        max(purchase_date) as last_purchase_date,
        max(case when purchase_date < {{ this_from }} then purchase_date end) as last_purchase_before_date,
        count(case when purchase_date >= {{ this_from }} and purchase_date < {{ until }} then 1 end)
            as purchases_counted
    from {{ ref('customer_purchases') }}
    group by 1

),

months as (

    select
        *,
        month >= {{ this_from }} as is_this_period
    from customer_profitability
    where month >= {{ previous_from }} and month < {{ until }}

),

-- One level for both periods: a customer must not fall because more is taken off this year than last.
levels as (

    select
        {{ deepest_contribution() }} as contribution_level,
        (select min(customer_profitability.month) from customer_profitability) <= {{ previous_from }}
            as is_previous_period_whole
    from months

),

measured as (

    select
        months.*,
        {{ contribution_at('levels.contribution_level') }} as contribution_amount
    from months
    cross join levels

),

sums as (

    select
        customer_key,
        count(case when is_this_period then 1 end) as months_counted,
        count(case when not is_this_period then 1 end) as previous_months_counted,
        sum(case when is_this_period then revenue_amount end) as revenue_amount,
        sum(case when is_this_period then contribution_amount end) as contribution_amount,
        sum(case when is_this_period then lines_counted end) as lines_counted,
        sum(case when is_this_period then lines_missing_cost end) as lines_missing_cost,
        sum(case when is_this_period then revenue_with_cost_amount end) as revenue_with_cost_amount,
        sum(case when not is_this_period then revenue_amount end) as previous_revenue_amount,
        sum(case when not is_this_period then contribution_amount end) as previous_contribution_amount,
        sum(case when not is_this_period then lines_counted end) as previous_lines_counted,
        sum(case when not is_this_period then lines_missing_cost end) as previous_lines_missing_cost,
        sum(case when not is_this_period then revenue_with_cost_amount end) as previous_revenue_with_cost_amount
    from measured
    group by 1

),

strangers as (

    select customer_key
    from customer_profitability
    where customer_key = 'unknown'
    union distinct
    select customer_key
    from purchases
    where customer_key = 'unknown'

),

everybody as (

    select
        customer_key,
        name as customer_name,
        segment,
        country_code,
        owner_name
    from customers
    union all
    select
        customer_key,
        'unknown' as customer_name,
        cast(null as {{ dbt.type_string() }}) as segment,
        cast(null as {{ dbt.type_string() }}) as country_code,
        cast(null as {{ dbt.type_string() }}) as owner_name
    from strangers

),

-- In a period without a single line a customer sold and earned nothing; with lines, what is missing stays missing.
known as (

    select
        everybody.*,
        levels.contribution_level,
        coalesce(levels.is_previous_period_whole, false) as is_previous_period_whole,
        coalesce(sums.months_counted, 0) as months_counted,
        coalesce(sums.previous_months_counted, 0) as previous_months_counted,
        case when coalesce(sums.months_counted, 0) = 0 then 0 else sums.revenue_amount end as revenue_amount,
        case
            when coalesce(sums.months_counted, 0) = 0 then 0
            when not {{ has_no_known_cost('sums.') }} then sums.contribution_amount
        end as contribution_amount,
        case when coalesce(sums.previous_months_counted, 0) = 0 then 0 else sums.previous_revenue_amount end
            as previous_revenue_amount,
        case
            when coalesce(sums.previous_months_counted, 0) = 0 then 0
            when not {{ has_no_known_cost('sums.previous_') }} then sums.previous_contribution_amount
        end as previous_contribution_amount,
        coalesce(purchases.purchases_counted, 0) as purchases_counted,
        {{ days_between('purchases.last_purchase_date', as_of()) }} as recency_days,
        purchases.first_purchase_date,
        purchases.last_purchase_date,
        purchases.last_purchase_before_date
    from everybody
    cross join levels
    left join sums on everybody.customer_key = sums.customer_key
    left join purchases on everybody.customer_key = purchases.customer_key

),

earning as (

    select
        *,
        {{ earning('contribution_amount', 'revenue_amount') }} as earning,
        {{ earning('previous_contribution_amount', 'previous_revenue_amount') }} as previous_earning,
        case
            when customer_key = 'unknown' then 'unknown'
            when first_purchase_date is null then 'never'
            when first_purchase_date >= {{ this_from }} then 'new'
            when last_purchase_date < {{ this_from }} then 'lost'
            when last_purchase_before_date < {{ previous_from }} then 'returning'
            else 'active'
        end as standing
    from known

),

tiered as (

    select
        *,
        case
            when standing in ('new', 'lost') then standing
            when standing = 'unknown' or (standing = 'never' and months_counted + previous_months_counted = 0) then null
            else earning
        end as tier,
        case
            when standing = 'unknown' or (standing = 'never' and months_counted + previous_months_counted = 0) then null
            when last_purchase_before_date < {{ previous_from }} then 'lost'
            when last_purchase_before_date is not null and first_purchase_date >= {{ previous_from }} then 'new'
            when last_purchase_before_date is null and previous_months_counted = 0 then 'none'
            else previous_earning
        end as previous_tier,
        standing <> 'unknown' and months_counted > 0 and contribution_amount is not null as is_ranked,
        standing <> 'unknown' and previous_months_counted > 0 and previous_contribution_amount is not null
            as is_previously_ranked
    from earning

),

ranked as (

    select
        *,
        case when is_ranked then rank() over (partition by is_ranked order by contribution_amount desc) end
            as contribution_rank,
        case
            when is_previously_ranked
                then rank() over (partition by is_previously_ranked order by previous_contribution_amount desc)
        end as previous_contribution_rank,
        {{ quintile('last_purchase_date') }} as recency_score,
        {{ quintile('purchases_counted') }} as frequency_score,
        {{ quintile('coalesce(revenue_amount, 0)') }} as monetary_score
    from tiered

)

select
    customer_key,
    customer_name,
    segment,
    country_code,
    owner_name,
    {{ reporting_currency() }} as reporting_currency_code,
    contribution_level,
    standing,
    tier,
    previous_tier,
    case when months_counted > 0 then earning end as earning,
    case
        when recency_score >= 4 and frequency_score >= 4 and monetary_score >= 4 then 'champion'
        when recency_score >= 3 and frequency_score >= 4 then 'loyal'
        when recency_score <= 2 and (frequency_score >= 3 or monetary_score >= 3) then 'at_risk'
        when recency_score <= 2 then 'dormant'
        when frequency_score <= 2 then 'promising'
        when recency_score is not null then 'regular'
    end as rfm_segment,
    cast(revenue_amount as decimal(18, 4)) as revenue_amount,
    cast(contribution_amount as decimal(18, 4)) as contribution_amount,
    cast(previous_revenue_amount as decimal(18, 4)) as previous_revenue_amount,
    cast(previous_contribution_amount as decimal(18, 4)) as previous_contribution_amount,
    contribution_rank,
    previous_contribution_rank,
    recency_days,
    purchases_counted,
    recency_score,
    frequency_score,
    monetary_score,
    cast({{ figure_limit('neutral_margin') }} as decimal(18, 4)) as neutral_margin,
    contribution_amount is null as is_contribution_missing,
    is_previous_period_whole,
    first_purchase_date,
    last_purchase_date,
    {{ this_from }} as period_from_date,
    {{ until }} as period_until_date,
    {{ previous_from }} as previous_from_date
from ranked
