with

deal_stage_passes as (

    select
        *,
        {{ month_of('first_entered_date') }} as entered_month
    from {{ ref('deal_stage_passes') }}
    where not is_skipped

),

counted as (

    select
        source,
        pipeline,
        stage,
        entered_month,
        max(reporting_currency_code) as reporting_currency_code,
        max(stage_place) as stage_place,
        count(*) as deals_entered,
        count(case when stage_outcome = 'passed' then 1 end) as deals_passed,
        count(case when stage_outcome = 'passed_later' then 1 end) as deals_passed_later,
        count(case when stage_outcome = 'lost' then 1 end) as deals_lost,
        count(case when stage_outcome = 'regressed' then 1 end) as deals_regressed,
        count(case when stage_outcome = 'open' then 1 end) as deals_open,
        cast(sum(coalesce(deal_amount, 0)) as decimal(18, 2)) as entered_amount,
        cast(sum(case when stage_outcome = 'passed' then coalesce(deal_amount, 0) else 0 end) as decimal(18, 2))
            as passed_amount,
        {{ days_between(
            'cast(' ~ dbt.dateadd('month', 1, 'entered_month') ~ ' as date)', as_of()
        ) }} >= {{ figure_limit('stage_conversion_days') }} as is_complete
    from deal_stage_passes
    group by 1, 2, 3, 4

)

select
    source || ' ' || coalesce(pipeline, '') || ' ' || stage || ' ' || cast(entered_month as {{ dbt.type_string() }})
        as stage_conversion_key,
    source,
    pipeline,
    stage,
    reporting_currency_code,
    entered_amount,
    passed_amount,
    stage_place,
    deals_entered,
    deals_passed,
    deals_passed_later,
    deals_lost,
    deals_regressed,
    deals_open,
    is_complete,
    entered_month
from counted
