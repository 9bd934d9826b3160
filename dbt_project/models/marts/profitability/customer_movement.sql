with

customer_standing as (

    select * from {{ ref('customer_standing') }}

),

-- Cells nobody is in are shown too: that nobody became a loser is an answer. Others only where somebody is in them.
tiers as (
    {% for tier in ['earner', 'neutral', 'loser', 'new', 'lost'] %}
        select '{{ tier }}' as tier
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

tiered as (

    select * from customer_standing
    where tier is not null

),

cells as (

    select
        previous_tiers.tier as previous_tier,
        tiers.tier
    from tiers as previous_tiers
    cross join tiers
    where (select count(*) from tiered) > 0
    union distinct
    select
        previous_tier,
        tier
    from tiered

),

counted as (

    select
        previous_tier,
        tier,
        count(*) as customers_counted,
        sum(revenue_amount) as revenue_amount,
        sum(contribution_amount) as contribution_amount,
        sum(previous_revenue_amount) as previous_revenue_amount,
        sum(previous_contribution_amount) as previous_contribution_amount
    from tiered
    group by 1, 2

),

conditions as (

    select
        max(contribution_level) as contribution_level,
        min(case when is_previous_period_whole then 1 else 0 end) = 1 as is_previous_period_whole
    from customer_standing

)

select
    cells.previous_tier || ':' || cells.tier as customer_movement_key,
    cells.previous_tier,
    cells.tier,
    {{ reporting_currency() }} as reporting_currency_code,
    conditions.contribution_level,
    coalesce(counted.customers_counted, 0) as customers_counted,
    cast(case when counted.tier is null then 0 else counted.revenue_amount end as decimal(18, 4)) as revenue_amount,
    cast(case when counted.tier is null then 0 else counted.contribution_amount end as decimal(18, 4))
        as contribution_amount,
    cast(case when counted.tier is null then 0 else counted.previous_revenue_amount end as decimal(18, 4))
        as previous_revenue_amount,
    cast(case when counted.tier is null then 0 else counted.previous_contribution_amount end as decimal(18, 4))
        as previous_contribution_amount,
    conditions.is_previous_period_whole
from cells
cross join conditions
left join counted on cells.previous_tier = counted.previous_tier and cells.tier = counted.tier
