{#- Each length: from which day to which day, in calendar days and in working days. -#}
{%- set lengths = {
    'days_to_order': ('quoted_date', 'ordered_date'),
    'days_to_approval': ('ordered_date', 'approved_date'),
    'days_to_confirm': ('ordered_date', 'confirmed_date'),
    'days_to_start': ('released_date', 'started_date'),
    'days_pick_to_ship': ('picked_date', 'shipped_in_full_date'),
    'days_to_ship': ('released_date', 'shipped_in_full_date'),
    'days_to_deliver': ('shipped_in_full_date', 'delivered_date'),
    'days_to_invoice': ('shipped_in_full_date', 'invoiced_in_full_date'),
    'days_to_cash': ('last_invoiced_date', 'paid_date'),
    'days_order_to_ship': ('ordered_date', 'shipped_in_full_date'),
    'days_order_to_cash': ('ordered_date', 'paid_date'),
    'gross_days': ('ordered_date', 'fulfilled_date'),
} -%}
{%- set days = [] -%}
{%- for first, last in lengths.values() -%}
    {%- for day in (first, last) if day not in days -%}{%- do days.append(day) -%}{%- endfor -%}
{%- endfor -%}
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

companies as (

    select * from {{ ref('companies') }}

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

order_rework as (

    select * from {{ ref('order_rework') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

limits as (

    select cast({{ figure_limit('usual_lead_days') }} as bigint) as lead_days

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
            coalesce(status, '') = 'completed'
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
            when
                is_shipping_known
                and has_goods
                and shipped_in_full_date is null
                and coalesce(status, '') <> 'completed'
                then 'shipment'
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
        coalesce(production_started_date, picked_date) as started_date,
        case
            when is_cancelled then null
            when not has_goods then accepted_date
            when is_delivery_known then delivered_date
            else shipped_in_full_date
        end as fulfilled_date,
        case when is_invoiced_in_full then last_invoiced_date end as invoiced_in_full_date
    from judged

),

timed as (

    select
        ends.*,
        {%- for length, (first, last) in lengths.items() %}
            {{ days_between('ends.' ~ first, 'ends.' ~ last) }} as {{ length }},
            on_{{ last }}.working_days - on_{{ first }}.working_days as working_{{ length }},
        {%- endfor %}
        greatest(
            coalesce({{ days_between('ends.ordered_date', 'ends.requested_date') }} - limits.lead_days, 0), 0
        ) as wished_days,
        case when ends.is_open then {{ days_between('ends.ordered_date', as_of()) }} end as open_days,
        -- What is open of an order is at most what was not cancelled. One without lines is undelivered until it ships.
        case
            when not ends.is_shipping_known then null
            when not ends.is_open or coalesce(ends.status, '') in ('draft', 'completed') then 0
            when ends.lines_counted = 0 and ends.shipments_counted > 0 then 0
            when ends.lines_counted = 0 then ends.document_amount - ends.cancelled_document_amount
            else
                greatest(
                    least(
                        coalesce(ends.lines_undelivered_amount, 0),
                        ends.document_amount - ends.cancelled_document_amount
                    ),
                    0
                )
        end as undelivered_document_amount
    from
        ends
    cross join limits
    {%- for day in days %}
        left join calendar as on_{{ day }}
            on ends.calendar_country_code = on_{{ day }}.country_code and ends.{{ day }} = on_{{ day }}.day
    {%- endfor %}

),

-- An order wanted later than usual waits because the customer wishes it, but never longer than it took.
dwelt as (

    select
        *,
        case
            when gross_days is null then wished_days
            else greatest(least(coalesce(wished_days, 0), gross_days), 0)
        end as dwell_days
    from timed

)

select
    dwelt.order_key,
    dwelt.order_number,
    dwelt.source,
    companies.company,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    dwelt.account_key,
    deals.deal_key,
    coalesce(dwelt.owner_key, accounts.owner_key, customers.owner_key) as owner_key,
    people.name as owner_name,
    dwelt.channel,
    dwelt.warehouse,
    dwelt.calendar_country_code,
    dwelt.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    dwelt.status,
    dwelt.current_stage,
    dwelt.hold_reason,
    dwelt.source_url,
    cast(dwelt.document_amount * reporting_rates.exchange_rate as decimal(18, 2)) as order_amount,
    cast(dwelt.document_amount as decimal(18, 2)) as document_amount,
    cast(dwelt.cancelled_document_amount * reporting_rates.exchange_rate as decimal(18, 2)) as cancelled_amount,
    cast(dwelt.undelivered_document_amount * reporting_rates.exchange_rate as decimal(18, 2)) as undelivered_amount,
    cast(dwelt.invoiced_amount as decimal(18, 2)) as invoiced_amount,
    dwelt.lines_counted,
    dwelt.shipments_counted,
    dwelt.invoices_counted,
    dwelt.days_to_order,
    dwelt.days_to_approval,
    dwelt.days_to_confirm,
    dwelt.days_to_start,
    dwelt.days_pick_to_ship,
    dwelt.days_to_ship,
    dwelt.days_to_deliver,
    dwelt.days_to_invoice,
    dwelt.days_to_cash,
    dwelt.days_order_to_ship,
    dwelt.days_order_to_cash,
    {%- for length in lengths if length != 'gross_days' %}
        dwelt.working_{{ length }},
    {%- endfor %}
    dwelt.gross_days,
    dwelt.working_gross_days,
    dwelt.dwell_days,
    dwelt.gross_days - dwelt.dwell_days as net_days,
    dwelt.open_days,
    order_rework.changes_counted,
    order_rework.holds_counted,
    order_rework.hold_days,
    order_rework.corrections_counted,
    order_rework.claims_counted,
    dwelt.is_cancelled,
    dwelt.is_open,
    dwelt.is_in_full_on_requested,
    dwelt.is_in_full_on_first_promised,
    dwelt.is_in_full_on_promised,
    dwelt.is_in_full_on_committed,
    order_rework.is_without_credit,
    order_rework.is_without_claim,
    case
        when not dwelt.is_in_full_on_committed then false
        when dwelt.is_in_full_on_committed and order_rework.is_without_credit is not null
            then order_rework.is_without_credit and coalesce(order_rework.is_without_claim, true)
    end as is_perfect,
    case
        when coalesce(order_rework.changes_counted, order_rework.corrections_counted) is not null
            then
                coalesce(order_rework.changes_counted, 0)
                + coalesce(order_rework.holds_counted, 0)
                + coalesce(order_rework.corrections_counted, 0) > 0
    end as has_rework,
    dwelt.has_impossible_dates,
    dwelt.quoted_date,
    dwelt.ordered_date,
    dwelt.requested_date,
    dwelt.first_promised_date,
    dwelt.promised_date,
    dwelt.approved_date,
    dwelt.confirmed_date,
    dwelt.production_started_date,
    dwelt.production_finished_date,
    dwelt.picked_date,
    dwelt.packed_date,
    dwelt.first_shipped_date,
    dwelt.last_shipped_date,
    dwelt.shipped_in_full_date,
    dwelt.first_delivered_date,
    dwelt.delivered_date,
    dwelt.accepted_date,
    dwelt.fulfilled_date,
    dwelt.first_invoiced_date,
    dwelt.last_invoiced_date,
    dwelt.invoiced_in_full_date,
    dwelt.first_paid_date,
    dwelt.paid_date,
    dwelt.cancelled_date
from dwelt
left join companies on dwelt.source = companies.source
left join reporting_rates
    on dwelt.currency_code = reporting_rates.currency_code and dwelt.ordered_date = reporting_rates.priced_date
left join order_rework on dwelt.order_key = order_rework.order_key
left join account_matches on dwelt.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
left join accounts on dwelt.account_key = accounts.account_key
left join people on coalesce(dwelt.owner_key, accounts.owner_key, customers.owner_key) = people.person_key
left join deals on dwelt.order_key = deals.order_key and deals.place = 1
-- Pages ask for days: in this order a reader passes over most of the file.
order by dwelt.ordered_date
