with

stage_visits as (

    select * from {{ ref('stage_visits') }}
    where closing_status is null

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}

),

-- What nine of ten deals take before they leave the stage, one way or another; too few say nothing.
usual as (

    select
        source,
        pipeline,
        stage,
        count(*) as passes_counted,
        percentile_cont(0.9) within group (order by {{ days_between('entered_date', 'left_date') }}) as usual_days
    from stage_visits
    where left_date is not null
    group by 1, 2, 3
    having count(*) >= {{ figure_limit('too_few') }}

),

waiting as (

    select
        *,
        {{ days_between('entered_date', as_of()) }} as days_in_stage
    from stage_visits
    where left_by = 'open'

),

events as (

    select
        deal_key,
        {{ local_date('happened_at') }} as happened_date
    from {{ ref('activities') }}
    where deal_key is not null
    union all
    select
        deal_key,
        {{ local_date('coalesce(sent_at, created_at)') }} as happened_date
    from {{ ref('quotes') }}
    where deal_key is not null

),

last_events as (

    select
        deal_key,
        max(happened_date) as last_event_date
    from events
    where happened_date <= {{ as_of() }}
    group by 1

)

select
    waiting.deal_key,
    funnel_to_cash.customer_key,
    funnel_to_cash.customer_name,
    waiting.source,
    funnel_to_cash.deal_name,
    funnel_to_cash.owner_key,
    funnel_to_cash.owner_name,
    funnel_to_cash.channel,
    funnel_to_cash.segment,
    funnel_to_cash.pipeline,
    waiting.stage,
    case when funnel_to_cash.expected_close_date is null then 'no_close_date' else 'close_date_past' end as reason,
    funnel_to_cash.reporting_currency_code,
    funnel_to_cash.source_url,
    funnel_to_cash.deal_amount,
    waiting.days_in_stage,
    cast(usual.usual_days as decimal(9, 1)) as usual_days,
    usual.passes_counted,
    waiting.entered_date,
    last_events.last_event_date,
    funnel_to_cash.expected_close_date
from waiting
inner join funnel_to_cash on funnel_to_cash.anchor_kind = 'deal' and waiting.deal_key = funnel_to_cash.deal_key
inner join usual
    on waiting.source = usual.source and waiting.pipeline = usual.pipeline and waiting.stage = usual.stage
left join last_events on waiting.deal_key = last_events.deal_key
where
    waiting.days_in_stage > usual.usual_days
    and (last_events.last_event_date <= waiting.entered_date or last_events.last_event_date is null)
    and (funnel_to_cash.expected_close_date <= {{ as_of() }} or funnel_to_cash.expected_close_date is null)
