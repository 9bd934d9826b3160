-- The place of each stage in its pipeline: the system's own order where it gives one for every stage, else the order
-- in which deals typically come through. Stages that deals enter by being closed are no step of the way.
with

deals as (

    select
        deal_key,
        source,
        coalesce(pipeline, '-') as pipeline,
        stage,
        status,
        {{ local_date('closed_at') }} as closed_date
    from {{ ref('deals') }}

),

visits as (

    select
        deals.deal_key,
        deals.source,
        deals.pipeline,
        deal_stages.stage,
        max(deal_stages.stage_order) as stage_order,
        min(deal_stages.entered_at) as first_entered_at,
        {{ local_date('max(deal_stages.entered_at)') }} as last_entered_date
    from {{ ref('deal_stages') }} as deal_stages
    inner join deals on deal_stages.deal_key = deals.deal_key
    group by 1, 2, 3, 4

),

-- Of deals in a stage that means closed none is open, all ended alike, and most came there on the day they ended.
standing as (

    select
        deals.source,
        deals.pipeline,
        deals.stage,
        count(*) as deals_counted,
        count(case when deals.status = 'open' then 1 end) as open_counted,
        count(distinct deals.status) as statuses_counted,
        count(case when visits.last_entered_date >= deals.closed_date then 1 end) as closed_on_entry,
        max(deals.status) as status
    from deals
    inner join visits on deals.deal_key = visits.deal_key and deals.stage = visits.stage
    group by 1, 2, 3

),

numbered as (

    select
        *,
        row_number() over (
            partition by deal_key order by first_entered_at asc, stage_order asc nulls last, stage asc
        ) as ordinal
    from visits

),

stages as (

    select
        numbered.source,
        numbered.pipeline,
        numbered.stage,
        max(numbered.stage_order) as stage_order,
        cast(sum(numbered.ordinal) as double) / count(*) as typical_place,
        max(
            case
                when
                    standing.open_counted = 0
                    and standing.statuses_counted = 1
                    and 2 * standing.closed_on_entry > standing.deals_counted
                    then standing.status
            end
        ) as closing_status
    from numbered
    left join standing
        on
            numbered.source = standing.source
            and numbered.pipeline = standing.pipeline
            and numbered.stage = standing.stage
    group by 1, 2, 3

),

compared as (

    select
        *,
        min(case when stage_order is null then 0 else 1 end) over (partition by source, pipeline) as is_ordered
    from stages

)

select
    source,
    pipeline,
    stage,
    closing_status,
    row_number() over (
        partition by source, pipeline
        order by
            case when closing_status is null then 0 else 1 end,
            case when is_ordered = 1 then stage_order end,
            typical_place,
            stage
    ) as place
from compared
