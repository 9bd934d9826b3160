with

order_milestones as (

    select * from {{ ref('order_milestones') }}

),

-- What comes long after the delivery says nothing about it any more.
limits as (

    select {{ figure_limit('perfect_order_days') }} as judged_days

),

document_shares as (

    select
        to_key as invoice_key,
        from_key as order_key
    from {{ ref('document_shares') }}
    where to_entity = 'invoices' and from_entity = 'orders'

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

ticket_sources as (

    select count(*) > 0 as is_claim_known
    from {{ ref('coverage') }}
    where entity = 'tickets' and is_fed

),

log_days as (

    select
        order_key,
        event,
        {{ local_date('happened_at') }} as happened_date,
        lead({{ local_date('happened_at') }}) over (
            partition by order_key, case when event in ('held', 'released') then 1 else 0 end
            order by happened_at, order_event_key
        ) as next_date
    from {{ ref('order_events') }}
    where event in ('changed', 'held', 'released') and {{ local_date('happened_at') }} <= {{ as_of() }}

),

-- An order nobody released is held until it left, was cancelled, or to this day.
logged as (

    select
        log_days.order_key,
        count(case when log_days.event = 'changed' then 1 end) as changes_counted,
        count(case when log_days.event = 'held' then 1 end) as holds_counted,
        sum(
            case
                when log_days.event = 'held'
                    then
                        greatest(
                            {{ days_between(
                                'log_days.happened_date',
                                'coalesce(log_days.next_date, order_milestones.cancelled_date, '
                                ~ 'order_milestones.shipped_in_full_date, ' ~ as_of() ~ ')'
                            ) }},
                            0
                        )
                else 0
            end
        ) as hold_days
    from log_days
    inner join order_milestones on log_days.order_key = order_milestones.order_key
    group by 1

),

-- A credit note belongs to the orders of the invoice it corrects, also where it names none itself.
credits as (

    select
        document_shares.order_key,
        invoice_values.invoice_key,
        invoice_values.issued_date
    from invoice_values
    inner join document_shares on invoice_values.invoice_key = document_shares.invoice_key
    where invoice_values.invoice_kind in ('credit_note', 'correction')
    union
    select
        document_shares.order_key,
        invoice_values.invoice_key,
        invoice_values.issued_date
    from invoice_values
    inner join document_shares on invoice_values.corrects_invoice_key = document_shares.invoice_key
    where invoice_values.invoice_kind in ('credit_note', 'correction')

),

credited as (

    select
        credits.order_key,
        count(*) as credits_counted,
        count(
            case
                when
                    order_milestones.shipped_in_full_date is null
                    or {{ days_between('order_milestones.shipped_in_full_date', 'credits.issued_date') }}
                    <= limits.judged_days
                    then 1
            end
        ) as credits_in_time
    from credits
    inner join order_milestones on credits.order_key = order_milestones.order_key
    cross join limits
    where credits.issued_date <= {{ as_of() }}
    group by 1

),

cancelled as (

    select
        order_key,
        count(*) as cancellations_counted
    from {{ ref('invoices') }}
    where kind = 'invoice' and is_cancelled and order_key is not null and issued_date <= {{ as_of() }}
    group by 1

),

tickets as (

    select
        ticket_key,
        order_key,
        invoice_key,
        {{ local_date('opened_at') }} as opened_date
    from {{ ref('tickets') }}
    where kind = 'claim' and {{ local_date('opened_at') }} <= {{ as_of() }}

),

claims as (

    select
        ticket_key,
        order_key,
        opened_date
    from tickets
    where order_key is not null
    union
    select
        tickets.ticket_key,
        document_shares.order_key,
        tickets.opened_date
    from tickets
    inner join document_shares on tickets.invoice_key = document_shares.invoice_key

),

claimed as (

    select
        claims.order_key,
        count(*) as claims_counted,
        count(
            case
                when
                    order_milestones.shipped_in_full_date is null
                    or {{ days_between('order_milestones.shipped_in_full_date', 'claims.opened_date') }}
                    <= limits.judged_days
                    then 1
            end
        ) as claims_in_time
    from claims
    inner join order_milestones on claims.order_key = order_milestones.order_key
    cross join limits
    group by 1

)

select
    order_milestones.order_key,
    cast(case when order_milestones.is_log_known then coalesce(logged.changes_counted, 0) end as bigint)
        as changes_counted,
    cast(case when order_milestones.is_log_known then coalesce(logged.holds_counted, 0) end as bigint)
        as holds_counted,
    cast(case when order_milestones.is_log_known then coalesce(logged.hold_days, 0) end as bigint) as hold_days,
    cast(
        case
            when order_milestones.is_invoicing_known
                then coalesce(credited.credits_counted, 0) + coalesce(cancelled.cancellations_counted, 0)
        end as bigint
    ) as corrections_counted,
    cast(case when ticket_sources.is_claim_known then coalesce(claimed.claims_counted, 0) end as bigint)
        as claims_counted,
    case when order_milestones.is_invoicing_known then coalesce(credited.credits_in_time, 0) = 0 end
        as is_without_credit,
    case when ticket_sources.is_claim_known then coalesce(claimed.claims_in_time, 0) = 0 end as is_without_claim
from order_milestones
left join logged on order_milestones.order_key = logged.order_key
left join credited on order_milestones.order_key = credited.order_key
left join cancelled on order_milestones.order_key = cancelled.order_key
left join claimed on order_milestones.order_key = claimed.order_key
cross join ticket_sources
