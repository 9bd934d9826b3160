with

started as (

    select
        *,
        {{ month_of('coalesce(lead_created_date, deal_created_date)') }} as started_month
    from {{ ref('funnel_to_cash') }}
    where anchor_kind = 'deal' and not is_excluded

),

document_shares as (

    select * from {{ ref('document_shares') }}

),

-- A receivable sold to a factor is money on the day the factor paid, as it is in funnel_to_cash.
paid as (

    select
        invoice_key,
        net_reporting_amount,
        {{ month_of("case when kind = 'factoring' then coalesce(paid_date, settled_date) else paid_date end") }}
            as cash_month
    from {{ ref('settlements') }}
    where kind in ('payment', 'factoring')

),

deal_invoices as (

    select
        'deal:' || orders.from_key as anchor_key,
        invoices.to_key as invoice_key,
        sum(orders.share * invoices.share) as share
    from document_shares as orders
    inner join document_shares as invoices
        on invoices.to_entity = 'invoices' and orders.to_key = invoices.from_key
    where orders.to_entity = 'orders' and orders.from_key is not null
    group by 1, 2

),

by_month as (

    select
        deal_invoices.anchor_key,
        paid.cash_month,
        sum(deal_invoices.share * paid.net_reporting_amount) as amount
    from deal_invoices
    inner join paid on deal_invoices.invoice_key = paid.invoice_key
    where paid.cash_month is not null
    group by 1, 2

),

placed as (

    select
        by_month.*,
        started.customer_key,
        started.owner_key,
        started.owner_name,
        started.channel,
        started.segment,
        started.reporting_currency_code,
        started.started_month,
        started.lead_created_date,
        started.deal_created_date,
        (extract(year from by_month.cash_month) - extract(year from started.started_month)) * 12
        + extract(month from by_month.cash_month)
        - extract(month from started.started_month) as months_apart,
        row_number() over (
            partition by by_month.anchor_key
            order by case when by_month.amount > 0 then 0 else 1 end, by_month.cash_month
        ) as place
    from by_month
    inner join started on by_month.anchor_key = started.anchor_key

)

-- Money that came before the start (a prepayment entered before its deal) belongs to the first month.
select
    anchor_key || ' ' || cast(cash_month as {{ dbt.type_string() }}) as funnel_cash_key,
    anchor_key,
    customer_key,
    owner_key,
    owner_name,
    channel,
    segment,
    reporting_currency_code,
    cast(amount as decimal(18, 2)) as amount,
    cast(case when months_apart > 0 then months_apart else 0 end as {{ dbt.type_bigint() }}) as months_since,
    place = 1 and amount > 0 as is_first_cash,
    started_month,
    cash_month,
    lead_created_date,
    deal_created_date
from placed
