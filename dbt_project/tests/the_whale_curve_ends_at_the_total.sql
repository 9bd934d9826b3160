-- If this fails, the curve of some grouping leaves out money, counts it twice or mixes levels of contribution.
{%- set this_from, until = months_ago(12), months_ago(0) %}
with

whale_curve as (

    select * from {{ ref('whale_curve') }}

),

ends as (

    select
        grouping_kind,
        min(contribution_level) as contribution_level,
        count(distinct contribution_level) as levels_counted,
        max(case when member_rank = members_counted then cumulative_amount end) as last_amount,
        max(total_amount) as total_amount,
        sum(contribution_amount) as member_amount
    from whale_curve
    group by 1

),

firm as (

    select
        sum(cm1_amount) as cm1_amount,
        sum(cm2_amount) as cm2_amount,
        sum(cm3_amount) as cm3_amount
    from {{ ref('customer_profitability') }}
    where month >= {{ this_from }} and month < {{ until }}

)

select
    ends.grouping_kind,
    ends.last_amount,
    ends.total_amount,
    {{ contribution_at('ends.contribution_level') }} as firm_amount
from ends
cross join firm
where
    ends.levels_counted <> 1
    or ends.last_amount <> coalesce(ends.total_amount, 0)
    or coalesce(ends.member_amount, 0) <> coalesce(ends.total_amount, 0)
    or coalesce(ends.total_amount, 0) <> coalesce({{ contribution_at('ends.contribution_level') }}, 0)
