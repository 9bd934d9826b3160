-- If this fails, a cost nobody told us looks like no cost, or a contribution that is known is left out.
with

ladder as (

    select
        coalesce(max(case when step = 'cost_of_goods' then level end), 1) as level_of_goods,
        count(case when level = 2 and is_known then 1 end) > 0 as has_level_two
    from {{ ref('contribution_steps') }}

),

lines as (

    select
        profitability_lines.*,
        ladder.level_of_goods,
        ladder.has_level_two,
        case
            when profitability_lines.ladder_step = 'revenue' then 1
            when profitability_lines.ladder_step = 'cost_of_goods' then ladder.level_of_goods
            else contribution_steps.level
        end as level,
        posted.month is not null as is_covered,
        cohort.month is not null as is_cohort_covered
    from {{ ref('profitability_lines') }} as profitability_lines
    cross join ladder
    left join {{ ref('contribution_steps') }} as contribution_steps
        on profitability_lines.ladder_step = contribution_steps.step
    left join {{ ref('covered_months') }} as posted on profitability_lines.posted_month = posted.month
    left join {{ ref('covered_months') }} as cohort on profitability_lines.cohort_month = cohort.month

),

known as (

    select
        *,
        not is_rate_missing and level <= 1 and not (is_cost_missing and level_of_goods <= 1) as is_in_cm1,
        not is_rate_missing and level <= 2 and not (is_cost_missing and level_of_goods <= 2) and has_level_two
            as is_in_cm2,
        not is_rate_missing and level <= 3 and not is_cost_missing and has_level_two as is_in_cm3
    from lines

)

select
    profitability_line_key,
    cm1_amount,
    cm2_amount,
    cm3_amount,
    cohort_cm3_amount
from known
where
    (cm1_amount is not null) is distinct from coalesce(is_in_cm1, false)
    or (cm2_amount is not null) is distinct from coalesce(is_in_cm2, false)
    or (cm3_amount is not null) is distinct from coalesce(is_in_cm3 and is_covered, false)
    or (cohort_cm3_amount is not null) is distinct from coalesce(is_in_cm3 and is_cohort_covered, false)
