with

started as (

    select * from {{ ref('funnel_to_cash') }}
    where anchor_kind in ('lead', 'deal') and not is_excluded

),

-- A deal that stands in an earlier stage than it once was has gone back.
gone_back as (

    select distinct deal_key
    from {{ ref('deal_stage_passes') }}
    where stage_outcome = 'regressed'

),

-- A deal won without a quote skipped that step; what is ordered or paid is there, whichever way it came.
steps as (

    select
        anchor_key,
        'lead' as step,
        1 as place,
        cast(null as decimal(18, 2)) as amount,
        case
            when deal_key is not null then 'advanced'
            when bucket in ('disqualified_lead', 'converted_lead') then 'lost'
            else 'still_there'
        end as step_outcome
    from started
    where lead_key is not null
    union all
    select
        started.anchor_key,
        'deal' as step,
        2 as place,
        started.deal_amount as amount,
        case
            when started.quoted_date is not null or started.outcome = 'won' then 'advanced'
            when started.outcome in ('lost', 'derailed') then 'lost'
            when gone_back.deal_key is not null then 'back'
            else 'still_there'
        end as step_outcome
    from started
    left join gone_back on started.deal_key = gone_back.deal_key
    where started.anchor_kind = 'deal'
    union all
    select
        started.anchor_key,
        'quoted' as step,
        3 as place,
        started.quoted_amount as amount,
        case
            when started.outcome = 'won' then 'advanced'
            when started.outcome in ('lost', 'derailed') then 'lost'
            when gone_back.deal_key is not null then 'back'
            else 'still_there'
        end as step_outcome
    from started
    left join gone_back on started.deal_key = gone_back.deal_key
    where started.anchor_kind = 'deal' and started.quoted_date is not null
    union all
    select
        anchor_key,
        'won' as step,
        4 as place,
        won_amount as amount,
        case
            when orders_counted is null then 'not_known'
            when coalesce(placed_orders_counted, orders_counted) > 0 then 'advanced'
            else 'still_there'
        end as step_outcome
    from started
    where outcome = 'won'
    union all
    select
        anchor_key,
        'ordered' as step,
        5 as place,
        ordered_amount as amount,
        case
            when invoices_counted is null then 'not_known'
            when invoices_counted > 0 then 'advanced'
            when cancelled_amount > 0 and cancelled_amount >= ordered_amount then 'lost'
            else 'still_there'
        end as step_outcome
    from started
    where anchor_kind = 'deal' and coalesce(placed_orders_counted, orders_counted) > 0
    union all
    select
        anchor_key,
        'invoiced' as step,
        6 as place,
        invoiced_amount as amount,
        case
            when collected_amount is null then 'not_known'
            when collected_amount > 0 then 'advanced'
            when invoiced_amount + credited_amount <= 0 then 'back'
            when written_off_amount >= invoiced_amount + credited_amount then 'lost'
            else 'still_there'
        end as step_outcome
    from started
    where anchor_kind = 'deal' and invoices_counted > 0
    union all
    select
        anchor_key,
        'collected' as step,
        7 as place,
        collected_amount as amount,
        case when cash_date is not null then 'advanced' else 'still_there' end as step_outcome
    from started
    where anchor_kind = 'deal' and collected_amount > 0

)

select
    steps.anchor_key || ' ' || steps.step as funnel_step_key,
    steps.anchor_key,
    started.anchor_kind,
    started.customer_key,
    started.owner_key,
    started.owner_name,
    started.channel,
    started.segment,
    started.pipeline,
    steps.step,
    steps.step_outcome,
    started.reporting_currency_code,
    steps.amount,
    steps.place as step_place,
    started.lead_created_date,
    started.deal_created_date
from steps
inner join started on steps.anchor_key = started.anchor_key
