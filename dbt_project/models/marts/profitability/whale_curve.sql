{%- set this_from, until = months_ago(12), months_ago(0) -%}
with

customer_profitability as (

    select * from {{ ref('customer_profitability') }}
    where month >= {{ this_from }} and month < {{ until }}

),

customers as (

    select * from {{ ref('customers') }}

),

levels as (

    select {{ deepest_contribution() }} as contribution_level
    from customer_profitability

),

sums as (

    select
        customer_profitability.customer_key,
        levels.contribution_level,
        sum(customer_profitability.revenue_amount) as revenue_amount,
        sum({{ contribution_at('levels.contribution_level') }}) as contribution_amount
    from customer_profitability
    cross join levels
    group by 1, 2

),

-- Money nobody claims is nobody's parent and pays for nobody.
belonging as (

    select
        sums.*,
        sums.customer_key as customer_member_key,
        coalesce(customers.payer_customer_key, sums.customer_key) as payer_member_key,
        coalesce(customers.group_key, sums.customer_key) as group_member_key
    from sums
    left join customers on sums.customer_key = customers.customer_key

),

grouped as (
    {% for grouping in ['customer', 'payer', 'group'] %}
        select
            '{{ grouping }}' as grouping_kind,
            {{ grouping }}_member_key as member_key,
            contribution_level,
            revenue_amount,
            contribution_amount
        from belonging
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

members as (

    select
        grouping_kind,
        member_key,
        contribution_level,
        member_key = 'unknown' as is_unknown,
        count(*) as customers_counted,
        sum(revenue_amount) as revenue_amount,
        sum(contribution_amount) as contribution_amount
    from grouped
    group by 1, 2, 3, 4

),

-- Who is unknown comes last, after members whose contribution is unknown: the curve ends at the firm's total.
placed as (

    select
        *,
        row_number() over (
            partition by grouping_kind
            order by is_unknown asc, contribution_amount desc nulls last, revenue_amount desc nulls last, member_key asc
        ) as member_rank,
        count(*) over (partition by grouping_kind) as members_counted,
        sum(contribution_amount) over (partition by grouping_kind) as total_amount
    from members

),

curve as (

    select
        *,
        coalesce(
            sum(contribution_amount)
                over (partition by grouping_kind order by member_rank rows unbounded preceding),
            0
        ) as cumulative_amount
    from placed

),

peaked as (

    select
        *,
        row_number() over (partition by grouping_kind order by cumulative_amount desc, member_rank asc) = 1 as is_peak
    from curve

)

select
    peaked.grouping_kind || ':' || peaked.member_key as whale_curve_key,
    peaked.grouping_kind,
    peaked.member_key,
    coalesce(customers.name, peaked.member_key) as member_name,
    {{ reporting_currency() }} as reporting_currency_code,
    peaked.contribution_level,
    peaked.member_rank,
    peaked.members_counted,
    peaked.customers_counted,
    cast(peaked.revenue_amount as decimal(18, 4)) as revenue_amount,
    cast(peaked.contribution_amount as decimal(18, 4)) as contribution_amount,
    cast(peaked.cumulative_amount as decimal(18, 4)) as cumulative_amount,
    cast(peaked.total_amount as decimal(18, 4)) as total_amount,
    cast(case when peaked.total_amount > 0 then peaked.cumulative_amount end as decimal(18, 4))
        as share_numerator_amount,
    cast(case when peaked.total_amount > 0 then peaked.total_amount end as decimal(18, 4)) as share_denominator_amount,
    coalesce(peaked.total_amount > 0, false) as is_total_positive,
    peaked.contribution_amount is null as is_contribution_missing,
    peaked.is_unknown,
    peaked.is_peak,
    {{ this_from }} as period_from_date,
    {{ until }} as period_until_date
from peaked
left join customers on peaked.member_key = customers.customer_key
