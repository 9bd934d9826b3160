with

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}
    where is_open

),

order_steps as (

    select * from {{ ref('order_steps') }}
    where is_open

),

usual as (

    select * from {{ ref('order_duration_estimates') }}
    where grouping_name = 'all' and is_enough

),

event_days as (

    select
        order_key,
        max({{ local_date('happened_at') }}) as happened_date
    from {{ ref('order_events') }}
    where {{ local_date('happened_at') }} <= {{ as_of() }}
    group by 1

),

-- Whatever happened to an order starts its clock anew; what was agreed for a day to come is not stuck until then.
aged as (

    select
        order_steps.*,
        usual.p90_days_of_finished as usual_days,
        greatest(
            order_steps.entered_date,
            coalesce(event_days.happened_date, order_steps.entered_date),
            coalesce(order_cycle_time.last_shipped_date, order_steps.entered_date),
            coalesce(order_cycle_time.last_invoiced_date, order_steps.entered_date)
        ) as last_event_date,
        coalesce(order_cycle_time.promised_date, order_cycle_time.requested_date) as agreed_date,
        order_cycle_time.hold_reason,
        order_cycle_time.source,
        order_cycle_time.source_url
    from order_steps
    inner join order_cycle_time on order_steps.order_key = order_cycle_time.order_key
    inner join usual on order_steps.step = usual.step
    left join event_days on order_steps.order_key = event_days.order_key

),

stuck as (

    select
        *,
        {{ days_between('last_event_date', as_of()) }} as quiet_days,
        row_number() over (partition by order_key order by place, pass) as turn
    from aged
    where
        {{ days_between('last_event_date', as_of()) }} > usual_days
        and (agreed_date is null or agreed_date <= {{ as_of() }})

)

select
    order_key,
    order_number,
    source,
    company,
    customer_key,
    customer_name,
    owner_key,
    owner_name,
    channel,
    warehouse,
    reporting_currency_code,
    step as waiting_for,
    coalesce(hold_reason, 'waiting_for_' || step) as reason,
    source_url,
    order_amount,
    days as days_in_step,
    working_days as working_days_in_step,
    quiet_days,
    usual_days,
    hold_reason is not null as is_held,
    entered_date,
    last_event_date,
    agreed_date
from stuck
where turn = 1
