-- A deal through its stages: events that say the same stage again are one visit; it ends where the next begins.
with

deals as (

    select
        deals.deal_key,
        deals.source,
        coalesce(deals.pipeline, '-') as pipeline,
        deals.status,
        deals.closed_at
    from {{ ref('deals') }} as deals
    inner join {{ ref('funnel_to_cash') }} as funnel_to_cash
        on funnel_to_cash.anchor_kind = 'deal' and deals.deal_key = funnel_to_cash.deal_key
    where not funnel_to_cash.is_excluded

),

deal_stages as (

    select * from {{ ref('deal_stages') }}

),

stage_places as (

    select * from {{ ref('stage_places') }}

),

events as (

    select
        deals.deal_key,
        deals.source,
        deals.pipeline,
        deals.status,
        deals.closed_at,
        deal_stages.deal_stage_key,
        deal_stages.stage,
        deal_stages.entered_at,
        deal_stages.exited_at,
        stage_places.place,
        stage_places.closing_status,
        row_number() over (
            partition by deals.deal_key
            order by deal_stages.entered_at, stage_places.place, deal_stages.deal_stage_key
        ) as event_number,
        lag(deal_stages.stage) over (
            partition by deals.deal_key
            order by deal_stages.entered_at, stage_places.place, deal_stages.deal_stage_key
        ) as stage_before
    from deal_stages
    inner join deals on deal_stages.deal_key = deals.deal_key
    inner join stage_places
        on
            deals.source = stage_places.source
            and deals.pipeline = stage_places.pipeline
            and deal_stages.stage = stage_places.stage
    where {{ local_date('deal_stages.entered_at') }} <= {{ as_of() }}

),

visits as (

    select
        *,
        row_number() over (partition by deal_key order by event_number) as visit_number,
        lead(stage) over (partition by deal_key order by event_number) as next_stage,
        lead(place) over (partition by deal_key order by event_number) as next_place,
        lead(closing_status) over (partition by deal_key order by event_number) as next_closing_status,
        lead(entered_at) over (partition by deal_key order by event_number) as next_entered_at
    from events
    where stage_before is null or stage_before <> stage

),

-- The last visit of a closed deal ends by its being closed, also where no stage says so.
ended as (

    select
        *,
        case
            when next_stage is not null then next_entered_at
            when status <> 'open' then greatest(entered_at, coalesce(closed_at, exited_at, entered_at))
        end as left_at,
        case
            when next_closing_status is not null then next_closing_status
            when next_place > place then 'passed_on'
            when next_place < place then 'regressed'
            when closing_status is not null and status = closing_status then 'ended'
            when status <> 'open' then status
            else 'open'
        end as left_by
    from visits

)

select
    deal_key || ' ' || cast(visit_number as {{ dbt.type_string() }}) as stage_visit_key,
    deal_key,
    source,
    pipeline,
    stage,
    place,
    closing_status,
    visit_number,
    next_stage,
    next_place,
    left_by,
    entered_at,
    left_at,
    {{ local_date('entered_at') }} as entered_date,
    {{ local_date('left_at') }} as left_date
from ended
