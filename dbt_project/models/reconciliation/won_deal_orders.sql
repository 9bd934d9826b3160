with

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}
    where bucket in ('won_ordered', 'won_not_ordered') and not is_excluded

),

deals as (

    select * from {{ ref('deals') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}

),

links as (

    select
        from_key as deal_key,
        to_key as order_key,
        share
    from {{ ref('document_shares') }}
    where from_entity = 'deals' and to_entity = 'orders'

),

linked_orders as (

    select
        links.deal_key,
        links.share,
        order_cycle_time.order_key,
        order_cycle_time.order_number,
        order_cycle_time.currency_code,
        order_cycle_time.source_url,
        order_cycle_time.document_amount,
        order_cycle_time.order_amount,
        row_number() over (
            partition by links.deal_key
            order by order_cycle_time.document_amount desc nulls last, order_cycle_time.order_key asc
        ) as place
    from links
    inner join order_cycle_time on links.order_key = order_cycle_time.order_key
    where coalesce(order_cycle_time.status, '') <> 'draft'

),

orders_of_deals as (

    select
        deal_key,
        {{ first_known('order_key', 'place') }} as order_key,
        {{ first_known('source_url', 'place') }} as order_source_url,
        {{ dbt.listagg('order_number', "', '", 'order by order_number') }} as order_numbers,
        min(currency_code) as order_currency_code,
        case when count(distinct currency_code) = 1 then sum(share * document_amount) end as order_document_amount,
        count(distinct currency_code) as currencies_counted,
        max(case when abs(share - 1) > 0.0001 then 1 else 0 end) = 1 as is_shared,
        max(case when document_amount is not null and order_amount is null then 1 else 0 end) = 1 as is_rate_missing
    from linked_orders
    group by 1

)

select
    deals.deal_key,
    orders_of_deals.order_key,
    funnel_to_cash.customer_key,
    deals.source,
    deals.name as deal_name,
    orders_of_deals.order_numbers,
    funnel_to_cash.customer_name,
    funnel_to_cash.owner_name,
    deals.currency_code as deal_currency_code,
    case when orders_of_deals.currencies_counted = 1 then orders_of_deals.order_currency_code end
        as order_currency_code,
    deals.source_url,
    orders_of_deals.order_source_url,
    deals.amount as deal_document_amount,
    cast(orders_of_deals.order_document_amount as decimal(18, 2)) as order_document_amount,
    funnel_to_cash.won_amount,
    coalesce(funnel_to_cash.ordered_amount, 0) as ordered_amount,
    coalesce(funnel_to_cash.cancelled_amount, 0) as cancelled_amount,
    coalesce(funnel_to_cash.placed_orders_counted, funnel_to_cash.orders_counted) as orders_counted,
    reporting_rates.exchange_rate,
    coalesce(orders_of_deals.is_shared, false) as is_shared,
    coalesce(orders_of_deals.is_rate_missing, false) as is_rate_missing,
    coalesce(
        orders_of_deals.currencies_counted = 1 and deals.currency_code = orders_of_deals.order_currency_code, false
    ) as is_one_currency,
    funnel_to_cash.closed_date,
    funnel_to_cash.first_ordered_date
from funnel_to_cash
inner join deals on funnel_to_cash.deal_key = deals.deal_key
left join orders_of_deals on deals.deal_key = orders_of_deals.deal_key
left join reporting_rates
    on
        deals.currency_code = reporting_rates.currency_code
        and coalesce({{ local_date('deals.closed_at') }}, {{ as_of() }}) = reporting_rates.priced_date
