-- Won is not paid: a customer is new on the day the first invoice is paid in full, and some of it with money.
with

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where invoice_kind = 'invoice' and gross_amount > 0 and issued_date <= {{ as_of() }}

),

settlements as (

    select
        *,
        sum(amount) over (
            partition by invoice_key order by settled_date, settlement_key rows unbounded preceding
        ) as settled_amount
    from {{ ref('settlements') }}

),

leads as (

    select * from {{ ref('leads') }}

),

deals as (

    select * from {{ ref('deals') }}
    where excluded_reason is null

),

campaigns as (

    select * from {{ ref('campaigns') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

payments as (

    select distinct invoice_key
    from settlements
    where kind = 'payment' and amount > 0

),

-- An advance invoice settles the final one whether it was paid itself or not.
moneyed as (

    select invoice_key from payments
    union distinct
    select invoice_values.invoice_key
    from invoice_values
    inner join payments on invoice_values.settles_invoice_key = payments.invoice_key

),

-- An invoice paid in advance is paid when it is there.
paid as (

    select
        invoice_values.invoice_key,
        invoice_values.account_key,
        invoice_values.issued_date,
        greatest(min(settlements.settled_date), invoice_values.issued_date) as acquired_date
    from invoice_values
    inner join settlements
        on
            invoice_values.invoice_key = settlements.invoice_key
            and invoice_values.gross_amount <= settlements.settled_amount
    inner join moneyed on invoice_values.invoice_key = moneyed.invoice_key
    group by 1, 2, 3

),

first_paid as (

    select
        account_matches.customer_key,
        paid.invoice_key,
        paid.issued_date,
        paid.acquired_date,
        row_number() over (
            partition by account_matches.customer_key
            order by paid.acquired_date, paid.issued_date, paid.invoice_key
        ) as place
    from paid
    inner join account_matches on paid.account_key = account_matches.account_key

),

touches as (

    select
        coalesce(leads.account_key, deals.account_key) as account_key,
        'lead:' || leads.lead_key as touch_key,
        coalesce(leads.channel, campaigns.channel) as channel,
        leads.created_at as touched_at
    from leads
    left join deals on leads.deal_key = deals.deal_key
    left join campaigns on leads.campaign_key = campaigns.campaign_key
    union all
    select
        deals.account_key,
        'deal:' || deals.deal_key as touch_key,
        coalesce(deals.channel, leads.channel, campaigns.channel) as channel,
        deals.created_at as touched_at
    from deals
    left join leads on deals.lead_key = leads.lead_key
    left join campaigns on deals.campaign_key = campaigns.campaign_key

),

-- What came after the invoice did not bring it.
placed as (

    select
        first_paid.customer_key,
        touches.channel,
        {{ local_date('touches.touched_at') }} as touched_date,
        row_number() over (
            partition by first_paid.customer_key order by touches.touched_at asc, touches.touch_key asc
        ) as place,
        row_number() over (
            partition by first_paid.customer_key order by touches.touched_at desc, touches.touch_key desc
        ) as place_from_end
    from touches
    inner join account_matches on touches.account_key = account_matches.account_key
    inner join first_paid
        on
            account_matches.customer_key = first_paid.customer_key
            and first_paid.place = 1
            and {{ local_date('touches.touched_at') }} <= first_paid.issued_date

),

both_touches as (

    select
        'first' as touch,
        customer_key,
        channel,
        touched_date
    from placed
    where place = 1
    union all
    select
        'last' as touch,
        customer_key,
        channel,
        touched_date
    from placed
    where place_from_end = 1

),

named as (

    select 'first' as touch
    union all
    select 'last' as touch

)

select
    named.touch || ':' || first_paid.customer_key as customer_acquisition_key,
    named.touch,
    first_paid.customer_key,
    first_paid.invoice_key,
    coalesce(both_touches.channel, 'unknown') as channel,
    {{ days_between('both_touches.touched_date', 'first_paid.acquired_date') }} as cycle_days,
    both_touches.touched_date,
    first_paid.acquired_date,
    {{ month_of('first_paid.acquired_date') }} as acquisition_month
from first_paid
cross join named
left join both_touches on first_paid.customer_key = both_touches.customer_key and named.touch = both_touches.touch
where first_paid.place = 1
