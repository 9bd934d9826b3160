{#- Aalen-Johansen: the open ones leave the count on the day they have come to, the cancelled ones compete. -#}
{%- set groupings = {'all': "'all'", 'warehouse': 'warehouse', 'channel': 'channel'} -%}
with

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}
    where not has_impossible_dates and coalesce(status, '') <> 'draft' and ordered_date is not null

),

order_milestones as (

    select * from {{ ref('order_milestones') }}

),

order_ends as (

    select
        order_cycle_time.warehouse,
        order_cycle_time.channel,
        order_cycle_time.ordered_date,
        order_cycle_time.is_cancelled,
        -- Who does not say when an order was cancelled, says at least when it last moved.
        coalesce(order_cycle_time.cancelled_date, order_cycle_time.last_shipped_date, order_cycle_time.ordered_date)
            as cancelled_date,
        order_cycle_time.shipped_in_full_date,
        order_cycle_time.paid_date,
        order_milestones.is_shipping_known
        and case
            when order_cycle_time.is_cancelled then order_milestones.has_goods_ordered else order_milestones.has_goods
        end as has_shipment,
        order_milestones.is_payment_known
        and (order_cycle_time.current_stage <> 'completed' or order_cycle_time.paid_date is not null) as has_payment
    from order_cycle_time
    inner join order_milestones on order_cycle_time.order_key = order_milestones.order_key

),

spans as (
    {%- for step, (last, has) in {
        'order_to_ship': ('shipped_in_full_date', 'has_shipment'), 'order_to_cash': ('paid_date', 'has_payment')
    }.items() %}
        select
            '{{ step }}' as step,
            warehouse,
            channel,
            {{ days_between(
                'ordered_date',
                'coalesce(' ~ last ~ ', case when is_cancelled then cancelled_date else ' ~ as_of() ~ ' end)'
            ) }} as day,
            case
                when {{ last }} is not null then 'finished' when is_cancelled then 'cancelled' else 'open'
            end as outcome
        from order_ends
        where {{ has }}
        union all
    {%- endfor %}
    select
        step,
        warehouse,
        channel,
        days as day,
        case
            when outcome = 'passed' then 'finished'
            when outcome in ('cancelled', 'returned') then 'cancelled'
            else 'open'
        end as outcome
    from {{ ref('order_steps') }}
    union all
    select
        'claim_to_refund' as step,
        cast(null as {{ dbt.type_string() }}) as warehouse,
        cast(null as {{ dbt.type_string() }}) as channel,
        coalesce(days_to_refund, days_to_end, open_days) as day,
        case when outcome = 'refunded' then 'finished' when is_open then 'open' else 'cancelled' end as outcome
    from {{ ref('claims') }}

),

counted as (

    select
        step,
        warehouse,
        channel,
        day,
        count(case when outcome = 'finished' then 1 end) as finished,
        count(case when outcome = 'cancelled' then 1 end) as cancelled,
        count(case when outcome = 'open' then 1 end) as censored
    from spans
    where day is not null
    group by 1, 2, 3, 4

),

grouped as (
    {%- for grouping, name in groupings.items() %}
        select
            '{{ grouping }}' as grouping_name,
            {{ name }} as group_name,
            step,
            day,
            sum(finished) as finished,
            sum(cancelled) as cancelled,
            sum(censored) as censored
        from counted
        where {{ name }} is not null
        group by 2, 3, 4
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

at_risk as (

    select
        *,
        sum(finished + cancelled + censored) over (
            partition by grouping_name, group_name, step order by day desc rows unbounded preceding
        ) as at_risk
    from grouped

),

-- Of a product of shares the logarithms are summed; where nobody is left there is nothing to take a logarithm of.
parts as (

    select
        *,
        case when finished + cancelled = at_risk then 1 else 0 end as is_none_left,
        case
            when finished + cancelled < at_risk
                then ln(cast(at_risk - finished - cancelled as double) / cast(at_risk as double))
            else 0
        end as logarithm
    from at_risk

),

still_waiting as (

    select
        *,
        case
            when max(is_none_left) over (
                partition by grouping_name, group_name, step order by day rows unbounded preceding
            ) = 1 then 0
            else exp(
                sum(logarithm) over (
                    partition by grouping_name, group_name, step order by day rows unbounded preceding
                )
            )
        end as survival
    from parts

),

before as (

    select
        *,
        coalesce(lag(survival) over (partition by grouping_name, group_name, step order by day), 1) as survival_before
    from still_waiting

)

select
    grouping_name || ':' || group_name || ':' || step || ':' || cast(day as {{ dbt.type_string() }})
        as order_survival_key,
    grouping_name,
    group_name,
    step,
    cast(day as bigint) as day,
    cast(at_risk as bigint) as at_risk,
    cast(finished as bigint) as finished,
    cast(cancelled as bigint) as cancelled,
    cast(censored as bigint) as censored,
    round(survival, 10) as survival,
    round(
        sum(survival_before * cast(finished as double) / cast(at_risk as double)) over (
            partition by grouping_name, group_name, step order by day rows unbounded preceding
        ), 10
    ) as finished_share,
    round(
        sum(survival_before * cast(cancelled as double) / cast(at_risk as double)) over (
            partition by grouping_name, group_name, step order by day rows unbounded preceding
        ), 10
    ) as cancelled_share
from before
