with

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where issued_date <= {{ as_of() }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

invoice_instalments as (

    select * from {{ ref('invoice_instalments') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

-- Where nobody tells us what was paid, nothing is known to be open.
settling_sources as (

    {{ sources_feeding('payment_allocations') }}

),

settled as (

    select
        invoice_key,
        sum(amount) as settled_amount,
        max(settled_date) as last_settled_date
    from settlements
    group by 1

),

balances as (

    select
        invoice_values.*,
        case when settling_sources.source is not null then coalesce(settled.settled_amount, 0) end as settled_amount,
        case
            when settling_sources.source is not null
                then invoice_values.gross_amount - coalesce(settled.settled_amount, 0)
        end as open_amount,
        settled.last_settled_date
    from invoice_values
    left join settled on invoice_values.invoice_key = settled.invoice_key
    left join settling_sources on invoice_values.source = settling_sources.source

),

-- Payments cover the oldest instalment first; the invoice is due when its first uncovered one is.
instalments_so_far as (

    select
        invoice_key,
        due_date,
        sum(amount) over (
            partition by invoice_key order by due_date, invoice_instalment_key rows unbounded preceding
        ) as amount_so_far
    from invoice_instalments

),

next_instalments as (

    select
        balances.invoice_key,
        min(instalments_so_far.due_date) as due_date
    from balances
    inner join instalments_so_far
        on
            balances.invoice_key = instalments_so_far.invoice_key
            and instalments_so_far.amount_so_far > coalesce(balances.settled_amount, 0)
    group by 1

),

dated as (

    select
        balances.*,
        coalesce(next_instalments.due_date, balances.due_date, balances.issued_date) as next_due_date
    from balances
    left join next_instalments on balances.invoice_key = next_instalments.invoice_key

),

aged as (

    select
        *,
        case
            when open_amount > 0 and next_due_date < {{ as_of() }}
                then {{ days_between('next_due_date', as_of()) }}
            when open_amount is not null then 0
        end as days_overdue
    from dated

)

select
    aged.invoice_key,
    aged.invoice_number,
    aged.invoice_kind,
    aged.source,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    aged.account_key,
    aged.order_key,
    aged.currency_code,
    aged.reporting_currency_code,
    case
        when aged.open_amount is null then null
        when aged.open_amount = 0 then 'settled'
        else {{ ageing_bucket('aged.days_overdue') }}
    end as ageing_bucket,
    aged.source_url,
    aged.gross_amount,
    cast(aged.settled_amount as decimal(18, 2)) as settled_amount,
    cast(aged.open_amount as decimal(18, 2)) as open_amount,
    cast(aged.open_amount * aged.exchange_rate as decimal(18, 2)) as open_reporting_amount,
    cast(
        cast(aged.open_amount * aged.net_share as decimal(18, 4)) * aged.exchange_rate as decimal(18, 4)
    ) as open_net_amount,
    aged.days_overdue,
    aged.is_disputed,
    aged.issued_date,
    aged.next_due_date as due_date,
    case when aged.open_amount = 0 then aged.last_settled_date end as settled_date
from aged
left join account_matches on aged.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
