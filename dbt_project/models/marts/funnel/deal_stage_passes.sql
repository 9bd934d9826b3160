with

stage_visits as (

    select * from {{ ref('stage_visits') }}

),

stage_places as (

    select * from {{ ref('stage_places') }}
    where closing_status is null

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}
    where anchor_kind = 'deal' and not is_excluded

),

visits as (

    select
        *,
        {{ days_between('entered_date', 'coalesce(left_date, ' ~ as_of() ~ ')') }} as days_counted,
        row_number() over (partition by deal_key, stage order by visit_number desc) as visits_left
    from stage_visits
    where closing_status is null

),

-- How far each deal has come, and on which day it first came that far.
reached as (

    select
        deal_key,
        max(source) as source,
        max(pipeline) as pipeline,
        max(place) as furthest_place
    from visits
    group by 1

),

-- Every stage up to the furthest, or every one of a deal that was won: those without a visit were skipped.
stages as (

    select
        reached.deal_key,
        reached.source,
        reached.pipeline,
        stage_places.stage,
        stage_places.place,
        funnel_to_cash.outcome
    from reached
    inner join funnel_to_cash on reached.deal_key = funnel_to_cash.deal_key
    inner join stage_places
        on reached.source = stage_places.source and reached.pipeline = stage_places.pipeline
    where stage_places.place <= reached.furthest_place or funnel_to_cash.outcome = 'won'

),

spent as (

    select
        deal_key,
        stage,
        count(*) as passes_counted,
        cast(sum(days_counted) as {{ dbt.type_bigint() }}) as days_in_stage,
        min(entered_at) as first_entered_at,
        min(entered_date) as first_entered_date,
        max(entered_date) as last_entered_date,
        max(case when visits_left = 1 then left_by end) as left_by,
        max(case when visits_left = 1 then left_date end) as last_left_date
    from visits
    group by 1, 2

),

-- The first day a deal stood in any later stage after it came into this one.
passed as (

    select
        spent.deal_key,
        spent.stage,
        min(later.entered_date) as passed_date
    from spent
    inner join stages on spent.deal_key = stages.deal_key and spent.stage = stages.stage
    inner join visits as later
        on
            spent.deal_key = later.deal_key
            and stages.place < later.place
            and spent.first_entered_at <= later.entered_at
    group by 1, 2

),

standing as (

    select
        deal_key,
        max(place) as place
    from visits
    where left_by = 'open'
    group by 1

),

won_dates as (

    select
        visits.deal_key,
        greatest(max(coalesce(funnel_to_cash.closed_date, visits.left_date)), max(visits.entered_date)) as closed_date
    from visits
    inner join funnel_to_cash on visits.deal_key = funnel_to_cash.deal_key
    where funnel_to_cash.outcome = 'won'
    group by 1

),

joined as (

    select
        stages.*,
        spent.passes_counted,
        spent.days_in_stage,
        spent.first_entered_date,
        spent.last_entered_date,
        spent.last_left_date,
        spent.left_by,
        standing.place as standing_place,
        case
            when spent.first_entered_date is not null
                then
                    coalesce(
                        least(passed.passed_date, won_dates.closed_date), passed.passed_date, won_dates.closed_date
                    )
        end as passed_date
    from stages
    left join spent on stages.deal_key = spent.deal_key and stages.stage = spent.stage
    left join passed on stages.deal_key = passed.deal_key and stages.stage = passed.stage
    left join standing on stages.deal_key = standing.deal_key
    left join won_dates on stages.deal_key = won_dates.deal_key

),

timed as (

    select
        *,
        {{ days_between('first_entered_date', 'passed_date') }} as days_to_pass
    from joined

)

select
    timed.deal_key || ' ' || timed.stage as deal_stage_pass_key,
    timed.deal_key,
    funnel_to_cash.customer_key,
    timed.source,
    funnel_to_cash.deal_name,
    funnel_to_cash.owner_key,
    funnel_to_cash.owner_name,
    funnel_to_cash.channel,
    funnel_to_cash.segment,
    funnel_to_cash.pipeline,
    timed.stage,
    case
        when timed.first_entered_date is null then 'skipped'
        when timed.days_to_pass <= {{ figure_limit('stage_conversion_days') }} then 'passed'
        when timed.days_to_pass is not null then 'passed_later'
        when timed.outcome in ('lost', 'derailed') then 'lost'
        when timed.standing_place < timed.place then 'regressed'
        else 'open'
    end as stage_outcome,
    coalesce(timed.left_by, 'skipped') as left_by,
    funnel_to_cash.source_url,
    funnel_to_cash.reporting_currency_code,
    funnel_to_cash.deal_amount,
    timed.place as stage_place,
    coalesce(timed.passes_counted, 0) as passes_counted,
    timed.days_in_stage,
    timed.days_to_pass,
    timed.first_entered_date is null as is_skipped,
    coalesce(timed.left_by = 'open', false) as is_in_stage,
    timed.first_entered_date,
    timed.last_entered_date,
    timed.last_left_date,
    timed.passed_date
from timed
inner join funnel_to_cash on timed.deal_key = funnel_to_cash.deal_key
