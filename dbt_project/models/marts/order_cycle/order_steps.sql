{#- The steps in their order on paper. Each: when it is entered, when it is left, and whether an order has it. -#}
{%- set places = {
    'quote': 1, 'approval': 2, 'confirmation': 3, 'production': 4, 'picking': 5, 'shipment': 6, 'delivery': 7,
    'invoicing': 8, 'payment': 9,
} -%}
{%- set single = {
    'quote': ('quoted_date', 'ordered_date', 'quoted_date is not null'),
    'confirmation': ('submitted_until_date', 'released_date', 'is_confirming and submitted_until_date is not null'),
    'picking': (
        'picked_date', 'coalesce(packed_date, shipped_in_full_date, invoiced_in_full_date)', 'picked_date is not null'
    ),
    'shipment': ('ready_date', 'shipped_in_full_date', 'is_shipping_known and has_goods and ready_date is not null'),
    'delivery': (
        'shipped_in_full_date', 'delivered_date',
        'is_delivery_known and has_goods and shipped_in_full_date is not null'
    ),
    'invoicing': (
        'billable_date', 'invoiced_in_full_date',
        'is_invoicing_known and coalesce(billable_date, invoiced_in_full_date) is not null'
    ),
    'payment': ('invoiced_in_full_date', 'settled_date', 'is_payment_known and invoiced_in_full_date is not null'),
} -%}
with

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}
    where not has_impossible_dates and coalesce(status, '') <> 'draft' and ordered_date is not null

),

order_milestones as (

    select * from {{ ref('order_milestones') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

-- Several approvers, or lines made side by side, are one pass; what begins anew after it ended is another.
logged as (

    select
        order_key,
        order_event_key,
        event,
        case when event in ('submitted', 'approved', 'rejected') then 'approval' else 'production' end as step,
        case when event in ('submitted', 'production_started') then 1 else 0 end as is_begin,
        happened_at,
        {{ local_date('happened_at') }} as happened_date
    from {{ ref('order_events') }}
    where
        event in ('submitted', 'approved', 'rejected', 'production_started', 'production_finished')
        and {{ local_date('happened_at') }} <= {{ as_of() }}

),

followed as (

    select
        *,
        lag(is_begin) over (
            partition by order_key, step order by happened_at asc, is_begin desc, order_event_key asc
        ) as was_begin
    from logged

),

numbered as (

    select
        *,
        sum(case when is_begin = 1 and coalesce(was_begin, 0) = 0 then 1 else 0 end) over (
            partition by order_key, step
            order by happened_at asc, is_begin desc, order_event_key asc
            rows unbounded preceding
        ) as pass
    from followed

),

logged_passes as (

    select
        order_key,
        step,
        pass,
        min(case when is_begin = 1 then happened_date end) as begun_date,
        max(case when is_begin = 0 then happened_date end) as ended_date,
        coalesce(
            max(case when event = 'rejected' then happened_at end) = max(case when is_begin = 0 then happened_at end),
            false
        ) as is_returned,
        count(case when is_begin = 0 then 1 end) >= count(case when is_begin = 1 then 1 end) as is_ended
    from numbered
    group by 1, 2, 3

),

passes as (

    select
        order_key,
        step,
        pass,
        begun_date,
        case when is_ended or is_returned then ended_date end as ended_date,
        is_returned
    from logged_passes

),

last_passes as (

    select
        order_key,
        max(pass) as pass,
        max(ended_date) as ended_date,
        max(case when ended_date is null then 1 else 0 end) as is_asked
    from passes
    where step = 'approval'
    group by 1

),

-- Whoever is asked without a log of it waits since the last answer, else since the order came.
asked as (

    select * from passes
    union all
    select
        order_cycle_time.order_key,
        'approval' as step,
        coalesce(last_passes.pass, 0) + 1 as pass,
        coalesce(last_passes.ended_date, order_cycle_time.ordered_date) as begun_date,
        cast(null as date) as ended_date,
        false as is_returned
    from order_cycle_time
    left join last_passes on order_cycle_time.order_key = last_passes.order_key
    where order_cycle_time.current_stage = 'approval' and coalesce(last_passes.is_asked, 0) = 0

),

approved as (

    select
        order_key,
        max(ended_date) as approved_date
    from asked
    where step = 'approval'
    group by 1

),

released as (

    select
        order_cycle_time.*,
        order_milestones.is_confirming,
        order_milestones.is_shipping_known,
        order_milestones.is_delivery_known,
        order_milestones.is_invoicing_known,
        order_milestones.is_payment_known,
        case
            when order_cycle_time.is_cancelled then order_milestones.has_goods_ordered else order_milestones.has_goods
        end as has_goods,
        case
            when order_cycle_time.invoiced_in_full_date is not null and order_milestones.settled_date is not null
                then coalesce(order_cycle_time.paid_date, order_milestones.settled_date)
        end as settled_date,
        case
            when order_cycle_time.current_stage <> 'approval'
                then coalesce(approved.approved_date, order_cycle_time.ordered_date)
        end as submitted_until_date,
        case
            when order_cycle_time.current_stage = 'approval' then null
            when order_milestones.is_confirming
                then
                    coalesce(
                        case
                            when order_cycle_time.confirmed_date <= {{ as_of() }} then order_cycle_time.confirmed_date
                        end,
                        order_cycle_time.first_shipped_date,
                        order_cycle_time.first_invoiced_date
                    )
            else coalesce(approved.approved_date, order_cycle_time.ordered_date)
        end as released_date
    from order_cycle_time
    inner join order_milestones on order_cycle_time.order_key = order_milestones.order_key
    left join approved on order_cycle_time.order_key = approved.order_key

),

-- Ready to leave is what is packed, else made, else released; and what has left was ready.
ready as (

    select
        *,
        coalesce(
            packed_date,
            production_finished_date,
            case when production_started_date is null and picked_date is null then released_date end,
            first_shipped_date
        ) as ready_date,
        case
            when is_shipping_known and has_goods then shipped_in_full_date
            else coalesce(accepted_date, released_date)
        end as billable_date,
        coalesce(confirmed_date, first_shipped_date, first_invoiced_date) as gone_on_date
    from released

),

steps as (

    select
        ready.order_key,
        asked.step,
        asked.pass,
        coalesce(asked.begun_date, ready.ordered_date) as entered_date,
        coalesce(
            asked.ended_date,
            case
                when asked.step = 'approval' and ready.current_stage <> 'approval' then ready.gone_on_date
                when asked.step = 'production' then coalesce(ready.shipped_in_full_date, ready.invoiced_in_full_date)
            end
        ) as left_date,
        asked.is_returned
    from asked
    inner join ready on asked.order_key = ready.order_key
    {%- for step, (entered, left, has) in single.items() %}
        union all
        select
            order_key,
            '{{ step }}' as step,
            1 as pass,
            {{ entered }} as entered_date,
            {{ left }} as left_date,
            false as is_returned
        from ready
        where {{ has }}
    {%- endfor %}

),

-- What the cancellation met was left with it. Where an order went on and nobody says when it left a step, it was in
-- none.
ended as (

    select
        steps.order_key,
        steps.step,
        steps.pass,
        steps.entered_date,
        coalesce(steps.left_date, case when ready.is_cancelled then ready.cancelled_date end) as left_date,
        case
            when steps.is_returned then 'returned'
            when steps.left_date is not null then 'passed'
            when ready.is_cancelled then 'cancelled'
        end as outcome
    from steps
    inner join ready on steps.order_key = ready.order_key
    where
        steps.left_date is not null
        or ready.is_cancelled
        or (steps.step = 'approval' and ready.current_stage = 'approval')
        or (steps.step in ('production', 'picking') and ready.current_stage not in ('completed', 'payment'))
        or steps.step not in ('approval', 'production', 'picking')

),

-- What is done before its turn, like an invoice before the goods, takes no time.
bounded as (

    select
        order_key,
        step,
        cast(row_number() over (partition by order_key, step order by pass, entered_date) as bigint) as pass,
        case when left_date < entered_date or entered_date is null then left_date else entered_date end
            as entered_date,
        left_date,
        outcome
    from ended

)

select
    bounded.order_key || ':' || bounded.step || ':' || cast(bounded.pass as {{ dbt.type_string() }})
        as order_step_key,
    bounded.order_key,
    ready.order_number,
    ready.customer_key,
    ready.customer_name,
    ready.owner_key,
    ready.owner_name,
    ready.channel,
    ready.warehouse,
    ready.company,
    ready.reporting_currency_code,
    bounded.step,
    bounded.outcome,
    ready.order_amount,
    cast(
        case bounded.step
            {%- for step, place in places.items() %}
                when '{{ step }}' then {{ place }}
            {%- endfor %}
        end as bigint
    ) as place,
    bounded.pass,
    case
        when bounded.outcome is null then {{ days_between('bounded.entered_date', as_of()) }}
        else {{ days_between('bounded.entered_date', 'bounded.left_date') }}
    end as days,
    on_last_date.working_days - on_entered_date.working_days as working_days,
    bounded.outcome is null as is_open,
    bounded.entered_date,
    bounded.left_date
from bounded
inner join ready on bounded.order_key = ready.order_key
left join calendar as on_entered_date
    on ready.calendar_country_code = on_entered_date.country_code and bounded.entered_date = on_entered_date.day
left join calendar as on_last_date
    on
        ready.calendar_country_code = on_last_date.country_code
        and case when bounded.outcome is null then {{ as_of() }} else bounded.left_date end = on_last_date.day
