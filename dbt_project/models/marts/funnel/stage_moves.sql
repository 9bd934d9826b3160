with

stage_visits as (

    select * from {{ ref('stage_visits') }}

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}
    where anchor_kind = 'deal'

),

-- Where a deal came from, and at its end what it became. A closed stage that a deal left again is where it came from.
moves as (

    select
        deal_key,
        source,
        pipeline,
        cast(null as {{ dbt.type_string() }}) as from_stage,
        coalesce(closing_status, stage) as to_stage,
        false as is_regression,
        entered_date as moved_date
    from stage_visits
    where visit_number = 1
    union all
    select
        deal_key,
        source,
        pipeline,
        coalesce(closing_status, stage) as from_stage,
        case when left_by in ('won', 'lost') then left_by else next_stage end as to_stage,
        left_by = 'regressed' as is_regression,
        left_date as moved_date
    from stage_visits
    where left_by in ('won', 'lost', 'passed_on', 'regressed')

)

select
    moves.source
    || ' ' || moves.pipeline
    || ' ' || coalesce(moves.from_stage, '')
    || ' > ' || moves.to_stage
    || ' ' || cast({{ month_of('moves.moved_date') }} as {{ dbt.type_string() }}) as stage_move_key,
    moves.source,
    nullif(moves.pipeline, '-') as pipeline,
    moves.from_stage,
    moves.to_stage,
    max(funnel_to_cash.reporting_currency_code) as reporting_currency_code,
    cast(sum(coalesce(funnel_to_cash.deal_amount, 0)) as decimal(18, 2)) as deal_amount,
    count(*) as moves_counted,
    count(distinct moves.deal_key) as deals_counted,
    max(case when moves.is_regression then 1 else 0 end) = 1 as is_regression,
    {{ month_of('moves.moved_date') }} as moved_month
from moves
inner join funnel_to_cash on moves.deal_key = funnel_to_cash.deal_key
group by 1, 2, 3, 4, 5, 11
