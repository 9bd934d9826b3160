with

won_deal_orders as (

    select * from {{ ref('won_deal_orders') }}

),

won_deal_item_differences as (

    select * from {{ ref('won_deal_item_differences') }}

),

-- What was ordered at another day's rate, or in another currency, is worth more or less without anybody's doing.
named as (

    select
        won_deal_orders.deal_key,
        won_deal_item_differences.kind,
        cast(won_deal_item_differences.document_amount * won_deal_orders.exchange_rate as decimal(18, 2)) as amount
    from won_deal_item_differences
    inner join won_deal_orders on won_deal_item_differences.deal_key = won_deal_orders.deal_key
    union all
    select
        deal_key,
        'currency_differs' as kind,
        cast(
            case
                when is_one_currency then order_document_amount * exchange_rate - ordered_amount
                else won_amount - ordered_amount
            end as decimal(18, 2)
        ) as amount
    from won_deal_orders
    where
        orders_counted > 0 and not is_rate_missing
        and (not is_one_currency or deal_currency_code <> {{ reporting_currency() }})
    union all
    select
        deal_key,
        'not_ordered' as kind,
        won_amount as amount
    from won_deal_orders
    where orders_counted = 0

),

explained as (

    select
        deal_key,
        sum(amount) as amount
    from named
    group by 1

),

rests as (

    select
        won_deal_orders.deal_key,
        won_deal_orders.won_amount - won_deal_orders.ordered_amount - coalesce(explained.amount, 0) as amount
    from won_deal_orders
    left join explained on won_deal_orders.deal_key = explained.deal_key
    where won_deal_orders.orders_counted > 0

),

-- Cents of rounding belong to the largest named part; a rest that is more than rounding has no explanation.
rounded as (

    select
        named.deal_key,
        named.kind,
        named.amount
        + case
            when
                abs(rests.amount) <= 0.05
                and row_number() over (partition by named.deal_key order by abs(named.amount) desc, named.kind asc) = 1
                then rests.amount
            else 0
        end as amount
    from named
    left join rests on named.deal_key = rests.deal_key
    where named.amount <> 0 or named.kind = 'not_ordered'
    union all
    select
        deal_key,
        'not_broken_down' as kind,
        amount
    from rests
    where
        amount is null
        or abs(amount) > 0.05
        or deal_key not in (
            select named.deal_key
            from named
            where named.amount <> 0
        )
    union all
    select
        deal_key,
        'order_cancelled' as kind,
        cancelled_amount
    from won_deal_orders
    where cancelled_amount <> 0

),

measured as (

    select
        *,
        sum(abs(amount)) over (partition by deal_key) as whole_amount,
        sum(case when kind = 'not_broken_down' then abs(amount) else 0 end) over (partition by deal_key)
            as unexplained_amount
    from rounded
    where amount is null or amount <> 0

)

select
    measured.deal_key || ':' || measured.kind as deal_order_difference_key,
    measured.deal_key,
    won_deal_orders.order_key,
    won_deal_orders.customer_key,
    won_deal_orders.source,
    won_deal_orders.customer_name,
    won_deal_orders.owner_name,
    won_deal_orders.deal_name,
    won_deal_orders.order_numbers,
    measured.kind,
    won_deal_orders.deal_currency_code,
    won_deal_orders.order_currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    won_deal_orders.source_url,
    won_deal_orders.order_source_url as other_source_url,
    cast(won_deal_orders.deal_document_amount as decimal(18, 2)) as deal_document_amount,
    won_deal_orders.order_document_amount,
    cast(won_deal_orders.won_amount as decimal(18, 2)) as won_amount,
    cast(won_deal_orders.ordered_amount - won_deal_orders.cancelled_amount as decimal(18, 2)) as ordered_amount,
    cast(measured.amount as decimal(18, 2)) as difference_amount,
    cast(
        1 - {{ exact_ratio('measured.unexplained_amount', 'measured.whole_amount') }} as decimal(9, 6)
    ) as explained_share,
    won_deal_orders.orders_counted,
    won_deal_orders.closed_date,
    won_deal_orders.first_ordered_date
from measured
inner join won_deal_orders on measured.deal_key = won_deal_orders.deal_key
