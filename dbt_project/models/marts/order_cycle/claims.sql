-- A claim ends when the money is back or set off, when something else was sent instead, or when it was closed without
-- either.
with

tickets as (

    select
        *,
        {{ local_date('opened_at') }} as opened_date,
        case when {{ local_date('closed_at') }} <= {{ as_of() }} then {{ local_date('closed_at') }} end as closed_date
    from {{ ref('tickets') }}
    where kind = 'claim' and {{ local_date('opened_at') }} <= {{ as_of() }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

document_shares as (

    select
        to_key as invoice_key,
        from_key as order_key
    from {{ ref('document_shares') }}
    where to_entity = 'invoices' and from_entity = 'orders'

),

-- Money that went back settles the credit note itself, and is less than nothing.
paid_back as (

    select
        invoice_key,
        max(paid_date) as paid_date
    from {{ ref('settlements') }}
    where kind = 'payment' and amount < 0
    group by 1

),

credits as (

    select
        invoice_values.*,
        coalesce(account_matches.customer_key, 'unknown') as customer_key,
        case when receivables.settled_date is not null then paid_back.paid_date end as refunded_date,
        case when paid_back.paid_date is null then receivables.settled_date end as set_off_date
    from {{ ref('invoice_values') }} as invoice_values
    left join account_matches on invoice_values.account_key = account_matches.account_key
    left join {{ ref('receivables') }} as receivables on invoice_values.invoice_key = receivables.invoice_key
    left join paid_back on invoice_values.invoice_key = paid_back.invoice_key
    where
        invoice_values.invoice_kind in ('credit_note', 'correction')
        and invoice_values.net_amount < 0
        and invoice_values.issued_date <= {{ as_of() }}

),

credit_orders as (

    select
        credits.invoice_key,
        document_shares.order_key
    from credits
    inner join document_shares on credits.invoice_key = document_shares.invoice_key
    union
    select
        credits.invoice_key,
        document_shares.order_key
    from credits
    inner join document_shares on credits.corrects_invoice_key = document_shares.invoice_key

),

claimed as (

    select
        tickets.*,
        coalesce(account_matches.customer_key, 'unknown') as customer_key
    from tickets
    left join account_matches on tickets.account_key = account_matches.account_key

),

-- What a claim names comes first: its invoice, then its order.
named as (

    select
        claimed.ticket_key,
        credits.invoice_key,
        'invoice' as link_method,
        1 as place
    from claimed
    inner join credits
        on claimed.invoice_key = credits.corrects_invoice_key and claimed.opened_date <= credits.issued_date
    union all
    select
        claimed.ticket_key,
        credits.invoice_key,
        'order' as link_method,
        2 as place
    from claimed
    inner join credit_orders on claimed.order_key = credit_orders.order_key
    inner join credits
        on credit_orders.invoice_key = credits.invoice_key and claimed.opened_date <= credits.issued_date

),

-- A claim that names neither belongs to the customer's one credit note soon after it, where no other claim could. What
-- was credited after the claim was closed did not answer it.
possible as (

    select
        claimed.ticket_key,
        credits.invoice_key,
        count(*) over (partition by claimed.ticket_key) as credits_counted,
        count(*) over (partition by credits.invoice_key) as claims_counted
    from claimed
    inner join credits
        on
            claimed.customer_key = credits.customer_key
            and claimed.opened_date <= credits.issued_date
            and {{ days_between('claimed.opened_date', 'credits.issued_date') }}
            <= {{ figure_limit('perfect_order_days') }}
            and coalesce(claimed.closed_date >= credits.issued_date, true)
    where
        claimed.customer_key <> 'unknown'
        and claimed.invoice_key is null
        and claimed.order_key is null
        and credits.invoice_key not in (select named.invoice_key from named)

),

links as (

    select * from named
    union all
    select
        ticket_key,
        invoice_key,
        'customer' as link_method,
        3 as place
    from possible
    where credits_counted = 1 and claims_counted = 1

),

-- Of several credit notes the first one answers the claim; one credit note answers the claim nearest before it.
answered as (

    select
        links.ticket_key,
        links.link_method,
        credits.invoice_key as credit_invoice_key,
        credits.invoice_number as credit_number,
        credits.issued_date as credited_date,
        credits.refunded_date,
        credits.set_off_date,
        credits.net_reporting_amount as credited_amount,
        row_number() over (
            partition by links.invoice_key order by links.place asc, claimed.opened_date desc, links.ticket_key asc
        ) as claim_turn
    from links
    inner join credits on links.invoice_key = credits.invoice_key
    inner join claimed on links.ticket_key = claimed.ticket_key

),

first_answers as (

    select
        *,
        row_number() over (partition by ticket_key order by credited_date, credit_invoice_key) as turn
    from answered
    where claim_turn = 1

),

-- What leaves on an order that had left in full before the claim replaces something.
claim_orders as (

    select
        ticket_key,
        order_key
    from claimed
    where order_key is not null
    union
    select
        claimed.ticket_key,
        document_shares.order_key
    from claimed
    inner join document_shares on claimed.invoice_key = document_shares.invoice_key

),

order_shipments as (

    select
        coalesce(shipment_lines.order_key, shipments.order_key) as order_key,
        {{ local_date('shipments.shipped_at') }} as shipped_date
    from {{ ref('shipments') }} as shipments
    inner join {{ ref('shipment_lines') }} as shipment_lines on shipments.shipment_key = shipment_lines.shipment_key
    where shipment_lines.quantity > 0 and {{ local_date('shipments.shipped_at') }} <= {{ as_of() }}

),

replaced as (

    select
        claim_orders.ticket_key,
        min(order_shipments.shipped_date) as replaced_date
    from claim_orders
    inner join claimed on claim_orders.ticket_key = claimed.ticket_key
    inner join {{ ref('order_milestones') }} as order_milestones
        on
            claim_orders.order_key = order_milestones.order_key
            and claimed.opened_date >= order_milestones.shipped_in_full_date
    inner join order_shipments
        on
            claim_orders.order_key = order_shipments.order_key
            and claimed.opened_date <= order_shipments.shipped_date
            and order_milestones.shipped_in_full_date < order_shipments.shipped_date
    group by 1

),

ended as (

    select
        claimed.*,
        first_answers.link_method,
        first_answers.credit_invoice_key,
        first_answers.credit_number,
        first_answers.credited_amount,
        first_answers.credited_date,
        first_answers.refunded_date,
        first_answers.set_off_date,
        replaced.replaced_date,
        case
            when first_answers.refunded_date is not null then 'refunded'
            when first_answers.set_off_date is not null then 'set_off'
            when first_answers.credited_date is not null then 'credited'
            when replaced.replaced_date is not null then 'replaced'
            when claimed.closed_date is not null then 'closed'
            else 'open'
        end as outcome
    from claimed
    left join first_answers on claimed.ticket_key = first_answers.ticket_key and first_answers.turn = 1
    left join replaced on claimed.ticket_key = replaced.ticket_key

)

select
    ended.ticket_key,
    ended.source,
    ended.customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    ended.account_key,
    ended.order_key,
    ended.invoice_key,
    ended.credit_invoice_key,
    ended.credit_number,
    ended.link_method,
    ended.reason,
    ended.outcome,
    {{ reporting_currency() }} as reporting_currency_code,
    ended.source_url,
    cast(ended.credited_amount as decimal(18, 2)) as credited_amount,
    {{ days_between('ended.opened_date', 'ended.credited_date') }} as days_to_credit,
    {{ days_between('ended.credited_date', 'ended.refunded_date') }} as days_credit_to_refund,
    {{ days_between('ended.opened_date', 'ended.refunded_date') }} as days_to_refund,
    case when ended.outcome = 'replaced' then {{ days_between('ended.opened_date', 'ended.replaced_date') }} end
        as days_to_replacement,
    case ended.outcome
        when 'set_off' then {{ days_between('ended.opened_date', 'ended.set_off_date') }}
        when 'replaced' then {{ days_between('ended.opened_date', 'ended.replaced_date') }}
        when 'closed' then {{ days_between('ended.opened_date', 'ended.closed_date') }}
    end as days_to_end,
    case when ended.outcome in ('open', 'credited') then {{ days_between('ended.opened_date', as_of()) }} end
        as open_days,
    ended.outcome in ('open', 'credited') as is_open,
    ended.opened_date,
    ended.closed_date,
    ended.credited_date,
    ended.refunded_date,
    ended.set_off_date,
    ended.replaced_date
from ended
left join customers on ended.customer_key = customers.customer_key
