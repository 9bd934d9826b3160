-- How deals went through the stages: into which, when, and what followed. A stage that deals enter on the day they are
-- closed is the closing itself, not a stage to be in.
with

deals as (

    select
        deals.deal_key,
        deals.source,
        deals.pipeline,
        deals.stage,
        deals.status,
        {{ local_date('deals.created_at') }} as created_date,
        {{ local_date('deals.closed_at') }} as closed_date
    from {{ ref('deals') }} as deals
    where
        deals.excluded_reason is null
        and {{ local_date('deals.created_at') }} <= {{ as_of() }}
        -- Closed, and nobody knows when: it is not open, and tells nothing of how long deals take.
        and (deals.status = 'open' or deals.closed_at is not null)

),

passes as (

    select
        deals.*,
        deal_stages.stage as passed_stage,
        deal_stages.stage_order,
        {{ local_date('deal_stages.entered_at') }} as entered_date,
        deal_stages.entered_at,
        deal_stages.deal_stage_key,
        row_number() over (
            partition by deal_stages.deal_key order by deal_stages.entered_at desc, deal_stages.deal_stage_key desc
        ) as place_from_last
    from {{ ref('deal_stages') }} as deal_stages
    inner join deals on deal_stages.deal_key = deals.deal_key
    where {{ local_date('deal_stages.entered_at') }} <= {{ as_of() }}

),

closing_stages as (

    select
        source,
        pipeline,
        passed_stage
    from passes
    where status <> 'open' and place_from_last = 1
    group by 1, 2, 3
    having avg(case when entered_date >= closed_date then 1.0 else 0.0 end) >= 0.9

),

staged as (

    select
        passes.deal_key,
        passes.source,
        passes.pipeline,
        passes.passed_stage as stage,
        passes.stage_order,
        passes.status,
        passes.closed_date,
        passes.entered_date,
        passes.entered_at,
        passes.deal_stage_key
    from passes
    left join closing_stages
        on
            passes.source = closing_stages.source
            and coalesce(passes.pipeline, '') = coalesce(closing_stages.pipeline, '')
            and passes.passed_stage = closing_stages.passed_stage
    where closing_stages.passed_stage is null
    -- What no log tells of: the deal has been where it is since it was created.
    union all
    select
        deals.deal_key,
        deals.source,
        deals.pipeline,
        deals.stage,
        cast(null as integer) as stage_order,
        deals.status,
        deals.closed_date,
        deals.created_date as entered_date,
        cast(null as timestamp) as entered_at,
        deals.deal_key as deal_stage_key
    from deals
    where
        deals.status = 'open'
        and deals.stage is not null
        and deals.deal_key not in (select passes.deal_key from passes)

),

followed as (

    select
        *,
        lead(stage) over one_deal as next_stage,
        lead(entered_date) over one_deal as next_date
    from staged
    window one_deal as (partition by deal_key order by entered_at, deal_stage_key)

)

select
    deal_stage_key as deal_pass_key,
    deal_key,
    source,
    pipeline,
    stage,
    stage_order,
    entered_date,
    case
        when next_stage is not null then 'stage'
        when status <> 'open' and closed_date <= {{ as_of() }} then status
        else 'open'
    end as outcome,
    next_stage,
    case
        when next_stage is not null then next_date
        when status <> 'open' and closed_date <= {{ as_of() }} then greatest(closed_date, entered_date)
    end as exited_date
from followed
where stage is not null
