with

deals as (

    select * from {{ ref('deals') }}

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}

),

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

thread as (

    select * from {{ ref('thread') }}
    where from_entity = 'deals' and to_entity = 'orders'

),

steps as (

    select
        max(case when entity = 'deals' and is_fed then 1 else 0 end) = 1 as is_deal_known,
        max(case when entity = 'orders' and is_fed then 1 else 0 end) = 1 as is_order_known
    from {{ ref('coverage') }}

),

-- What has no partner; beside it the nearest of the same customer that has none either, of like amount where there is
-- one: it may be the one.
loose_ends as (

    select
        funnel_to_cash.*,
        coalesce(funnel_to_cash.deal_key, funnel_to_cash.order_key, funnel_to_cash.invoice_key) as record_key,
        case funnel_to_cash.bucket
            when 'won_not_ordered' then 'won_deal_without_order'
            else funnel_to_cash.bucket
        end as code,
        coalesce(funnel_to_cash.closed_date, funnel_to_cash.first_ordered_date, funnel_to_cash.first_invoiced_date)
            as since_date,
        coalesce(funnel_to_cash.won_amount, funnel_to_cash.ordered_amount, funnel_to_cash.invoiced_amount) as amount
    from funnel_to_cash
    cross join steps
    left join order_cycle_time on funnel_to_cash.order_key = order_cycle_time.order_key
    where
        (funnel_to_cash.bucket = 'won_not_ordered' and not funnel_to_cash.is_excluded)
        or (
            funnel_to_cash.bucket = 'order_without_deal'
            and steps.is_deal_known
            and not coalesce(order_cycle_time.is_cancelled, false)
        )
        -- A credit note without an order is no sale past the order book.
        or (
            funnel_to_cash.bucket = 'invoice_without_order'
            and steps.is_order_known
            and funnel_to_cash.invoices_counted > 0
        )

),

neighbours as (

    select
        deal_ends.record_key as deal_key,
        deal_ends.source_url as deal_source_url,
        order_ends.record_key as order_key,
        order_ends.source_url as order_source_url,
        row_number() over (
            partition by deal_ends.record_key
            order by
                case
                    when order_ends.amount between 0.8 * deal_ends.amount and 1.25 * deal_ends.amount then 0 else 1
                end,
                abs({{ days_between('deal_ends.since_date', 'order_ends.since_date') }}),
                order_ends.record_key
        ) as place_of_order,
        row_number() over (
            partition by order_ends.record_key
            order by
                case
                    when order_ends.amount between 0.8 * deal_ends.amount and 1.25 * deal_ends.amount then 0 else 1
                end,
                abs({{ days_between('deal_ends.since_date', 'order_ends.since_date') }}),
                deal_ends.record_key
        ) as place_of_deal
    from loose_ends as deal_ends
    inner join loose_ends as order_ends on deal_ends.customer_key = order_ends.customer_key
    where
        deal_ends.code = 'won_deal_without_order'
        and order_ends.code = 'order_without_deal'
        and deal_ends.customer_key <> 'unknown'
        and abs({{ days_between('deal_ends.since_date', 'order_ends.since_date') }})
        <= {{ exception_limit('nearest_record_days') }}

),

nearest as (

    select
        deal_key as record_key,
        order_key as other_record_key,
        order_source_url as other_source_url
    from neighbours
    where place_of_order = 1
    union all
    select
        order_key,
        deal_key,
        deal_source_url
    from neighbours
    where place_of_deal = 1

)

select
    loose_ends.code,
    loose_ends.anchor_kind as entity,
    loose_ends.record_key,
    nearest.other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    coalesce(deals.source, order_cycle_time.source, invoice_values.source) as source,
    coalesce(deals.account_key, order_cycle_time.account_key, invoice_values.account_key) as account_key,
    loose_ends.owner_name,
    loose_ends.reporting_currency_code as currency_code,
    {{ json_text({'number': 'loose_ends.anchor_name', 'stage': 'loose_ends.stage'}) }} as parameters,
    loose_ends.source_url,
    nearest.other_source_url,
    loose_ends.amount,
    loose_ends.since_date
from loose_ends
left join nearest on loose_ends.record_key = nearest.record_key
left join deals on loose_ends.deal_key = deals.deal_key
left join order_cycle_time on loose_ends.order_key = order_cycle_time.order_key
left join invoice_values on loose_ends.invoice_key = invoice_values.invoice_key
union all
select
    'guessed_link' as code,
    'deal' as entity,
    deals.deal_key as record_key,
    order_cycle_time.order_key as other_record_key,
    order_cycle_time.order_key as detail,
    deals.source,
    deals.account_key,
    order_cycle_time.owner_name,
    order_cycle_time.reporting_currency_code as currency_code,
    {{ json_text({
        'number': 'deals.name',
        'order': 'order_cycle_time.order_number',
        'confidence': 'thread.link_confidence'
    }) }} as parameters,
    deals.source_url,
    order_cycle_time.source_url as other_source_url,
    order_cycle_time.order_amount as amount,
    order_cycle_time.ordered_date as since_date
from thread
inner join deals on thread.from_key = deals.deal_key
inner join order_cycle_time on thread.to_key = order_cycle_time.order_key
where thread.is_guessed
union all
select
    'unknown_customer' as code,
    'invoice' as entity,
    invoice_values.invoice_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    invoice_values.source,
    invoice_values.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    invoice_values.reporting_currency_code as currency_code,
    {{ json_text({'number': 'invoice_values.invoice_number'}) }} as parameters,
    invoice_values.source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    invoice_values.net_reporting_amount as amount,
    invoice_values.issued_date as since_date
from invoice_values
left join account_matches on invoice_values.account_key = account_matches.account_key
where account_matches.account_key is null
