with

won as (

    select
        *,
        case
            when ordered_amount is null then null
            when coalesce(placed_orders_counted, orders_counted) = 0 then won_amount
            else 0
        end as not_ordered_amount,
        case when coalesce(placed_orders_counted, orders_counted) > 0 then won_amount - ordered_amount else 0 end
            as difference_amount,
        ordered_amount - cancelled_amount - invoiced_amount as not_invoiced_amount,
        invoiced_amount + credited_amount as billed_amount
    from {{ ref('funnel_to_cash') }}
    where outcome = 'won' and won_amount is not null

),

-- What is not invoiced is first what was not delivered; the rest was delivered and not invoiced, or at another price.
-- What was asked for in advance is money or open before its invoice stands; a credit note may settle another deal's
-- invoice.
split as (

    select
        *,
        case
            when not_invoiced_amount > 0 and undelivered_amount > 0
                then least(not_invoiced_amount, undelivered_amount)
            when not_invoiced_amount is not null then 0
        end as not_delivered_amount,
        -coalesce(prepaid_amount, 0) as prepaid_step_amount,
        coalesce(set_off_amount, 0) as set_off_step_amount,
        billed_amount
        + coalesce(prepaid_amount, 0)
        - coalesce(set_off_amount, 0)
        - collected_amount
        - written_off_amount
        - open_amount as rounding_amount
    from won

),

-- Each step takes its part; where a step is not fed, everything that is left is not known from there on.
steps as (

    select
        deal_key,
        'difference' as step,
        1 as place,
        difference_amount as amount
    from split
    where ordered_amount is not null
    union all
    select
        deal_key,
        'not_ordered' as step,
        2 as place,
        not_ordered_amount as amount
    from split
    where ordered_amount is not null
    union all
    select
        deal_key,
        'cancelled' as step,
        3 as place,
        cancelled_amount as amount
    from split
    where ordered_amount is not null
    union all
    select
        deal_key,
        'not_delivered' as step,
        4 as place,
        not_delivered_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null
    union all
    select
        deal_key,
        'not_invoiced' as step,
        5 as place,
        not_invoiced_amount - not_delivered_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null
    union all
    select
        deal_key,
        'returned' as step,
        6 as place,
        -returned_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null
    union all
    select
        deal_key,
        'credited' as step,
        7 as place,
        returned_amount - credited_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null
    union all
    select
        deal_key,
        'written_off' as step,
        8 as place,
        written_off_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null and rounding_amount is not null
    union all
    select
        deal_key,
        'overdue' as step,
        9 as place,
        overdue_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null and rounding_amount is not null
    union all
    select
        deal_key,
        'not_due' as step,
        10 as place,
        open_amount - overdue_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null and rounding_amount is not null
    union all
    select
        deal_key,
        'prepaid' as step,
        11 as place,
        prepaid_step_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null and rounding_amount is not null
    union all
    select
        deal_key,
        'set_off' as step,
        12 as place,
        set_off_step_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null and rounding_amount is not null
    union all
    select
        deal_key,
        'rounding' as step,
        13 as place,
        rounding_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null and rounding_amount is not null
    union all
    select
        deal_key,
        'cash' as step,
        14 as place,
        collected_amount as amount
    from split
    where ordered_amount is not null and invoiced_amount is not null and rounding_amount is not null
    union all
    select
        deal_key,
        'not_known' as step,
        15 as place,
        case
            when ordered_amount is null then won_amount
            when invoiced_amount is null then ordered_amount - cancelled_amount
            else billed_amount
        end as amount
    from split
    where ordered_amount is null or invoiced_amount is null or rounding_amount is null

),

-- Each deal is counted in one step alone: where most of its money went.
ranked as (

    select
        *,
        row_number() over (partition by deal_key order by abs(amount) desc, place desc) as size_rank
    from steps

)

select
    ranked.deal_key || ' ' || ranked.step as funnel_leakage_deal_key,
    ranked.deal_key,
    split.customer_key,
    split.customer_name,
    split.deal_name,
    split.owner_key,
    split.owner_name,
    split.channel,
    split.segment,
    split.pipeline,
    ranked.step,
    split.source_url,
    split.reporting_currency_code,
    cast(ranked.amount as decimal(18, 2)) as amount,
    split.won_amount,
    ranked.place as step_place,
    ranked.size_rank = 1 as is_main_step,
    {{ month_of('split.closed_date') }} as won_month,
    split.lead_created_date,
    split.deal_created_date
from ranked
inner join split on ranked.deal_key = split.deal_key
where ranked.amount <> 0 or ranked.size_rank = 1
