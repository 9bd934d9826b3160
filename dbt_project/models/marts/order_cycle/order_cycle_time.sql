with

order_milestones as (

    select * from {{ ref('order_milestones') }}

),

document_shares as (

    select * from {{ ref('document_shares') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

accounts as (

    select * from {{ ref('accounts') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

people as (

    select * from {{ ref('people') }}

),

-- Of several deals behind one order, the one with the largest share names it.
deals as (

    select
        to_key as order_key,
        from_key as deal_key,
        row_number() over (partition by to_key order by share desc, from_key asc) as place
    from document_shares
    where from_entity = 'deals'

),

-- Prices move a little between order and invoice: half a percent is still the whole order.
measured as (

    select
        *,
        case
            when is_cancelled and document_amount > coalesce(invoiced_document_amount, 0)
                then document_amount - coalesce(invoiced_document_amount, 0)
            when is_cancelled then 0
            else coalesce(lines_cancelled_amount, 0)
        end as cancelled_document_amount,
        is_invoicing_known
        and invoices_counted > 0
        and (
            status = 'completed'
            or (
                (is_cancelled or not has_goods or not is_shipping_known or shipped_in_full_date is not null)
                and invoiced_document_amount >= (document_amount - coalesce(lines_cancelled_amount, 0)) * 0.995
            )
        ) as is_invoiced_in_full
    from order_milestones

),

staged as (

    select
        *,
        case when is_invoiced_in_full and settled_date is not null then last_paid_date end as paid_date,
        case
            when is_cancelled then 'cancelled'
            when status = 'draft' then 'draft'
            when status = 'in_approval' then 'approval'
            when
                is_confirming
                and confirmed_date is null
                and first_shipped_date is null
                and coalesce(invoices_counted, 0) = 0
                then 'confirmation'
            when is_shipping_known and has_goods and shipped_in_full_date is null then 'shipment'
            when is_invoicing_known and not is_invoiced_in_full then 'invoicing'
            when is_invoicing_known and is_payment_known and settled_date is null then 'payment'
            else 'completed'
        end as current_stage
    from measured

),

judged as (

    select
        *,
        current_stage in ('draft', 'approval', 'confirmation', 'shipment', 'invoicing') as is_open,
        coalesce(
            ordered_date > {{ as_of() }}
            or approved_date < ordered_date
            or confirmed_date < ordered_date
            or first_shipped_date < ordered_date
            or delivered_date < first_shipped_date
            or requested_date < ordered_date
            or first_promised_date < ordered_date
            or promised_date < ordered_date,
            false
        ) as has_impossible_dates
    from staged

),

-- Only whole steps have a length: an invoice is late when the last one is, once nothing is left to invoice.
ends as (

    select
        *,
        coalesce(confirmed_date, ordered_date) as released_date,
        case when is_invoiced_in_full then last_invoiced_date end as invoiced_in_full_date
    from judged

),

timed as (

    select
        *,
        {{ days_between('quoted_date', 'ordered_date') }} as days_to_order,
        {{ days_between('ordered_date', 'approved_date') }} as days_to_approval,
        {{ days_between('ordered_date', 'confirmed_date') }} as days_to_confirm,
        {{ days_between('released_date', 'shipped_in_full_date') }} as days_to_ship,
        {{ days_between('shipped_in_full_date', 'invoiced_in_full_date') }} as days_to_invoice,
        {{ days_between('last_invoiced_date', 'paid_date') }} as days_to_cash,
        {{ days_between('ordered_date', 'shipped_in_full_date') }} as days_order_to_ship,
        {{ days_between('ordered_date', 'paid_date') }} as days_order_to_cash,
        case when is_open then {{ days_between('ordered_date', as_of()) }} end as open_days
    from ends

)

select
    timed.order_key,
    timed.order_number,
    timed.source,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    timed.account_key,
    deals.deal_key,
    coalesce(timed.owner_key, accounts.owner_key, customers.owner_key) as owner_key,
    people.name as owner_name,
    timed.channel,
    timed.warehouse,
    timed.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    timed.status,
    timed.current_stage,
    timed.hold_reason,
    timed.source_url,
    cast(timed.document_amount * reporting_rates.exchange_rate as decimal(18, 2)) as order_amount,
    cast(timed.document_amount as decimal(18, 2)) as document_amount,
    cast(timed.cancelled_document_amount * reporting_rates.exchange_rate as decimal(18, 2)) as cancelled_amount,
    cast(timed.invoiced_amount as decimal(18, 2)) as invoiced_amount,
    timed.lines_counted,
    timed.shipments_counted,
    timed.invoices_counted,
    timed.days_to_order,
    timed.days_to_approval,
    timed.days_to_confirm,
    timed.days_to_ship,
    timed.days_to_invoice,
    timed.days_to_cash,
    timed.days_order_to_ship,
    timed.days_order_to_cash,
    timed.open_days,
    timed.is_cancelled,
    timed.is_open,
    timed.is_in_full_on_requested,
    timed.is_in_full_on_first_promised,
    timed.is_in_full_on_promised,
    timed.has_impossible_dates,
    timed.quoted_date,
    timed.ordered_date,
    timed.requested_date,
    timed.first_promised_date,
    timed.promised_date,
    timed.approved_date,
    timed.confirmed_date,
    timed.first_shipped_date,
    timed.last_shipped_date,
    timed.shipped_in_full_date,
    timed.delivered_date,
    timed.first_invoiced_date,
    timed.last_invoiced_date,
    timed.first_paid_date,
    timed.paid_date,
    timed.cancelled_date
from timed
left join reporting_rates
    on timed.currency_code = reporting_rates.currency_code and timed.ordered_date = reporting_rates.priced_date
left join account_matches on timed.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
left join accounts on timed.account_key = accounts.account_key
left join people on coalesce(timed.owner_key, accounts.owner_key, customers.owner_key) = people.person_key
left join deals on timed.order_key = deals.order_key and deals.place = 1
