-- What customers made us do, event by event, each with the day it happened on.
with

orders as (

    select
        *,
        {{ local_date('ordered_at') }} as ordered_date
    from {{ ref('orders') }}

),

-- A draft is no order yet; what was done about it was done.
placed as (

    select * from orders
    where coalesce(status, '') <> 'draft'

),

order_lines as (

    select * from {{ ref('order_lines') }}

),

order_events as (

    select * from {{ ref('order_events') }}

),

shipments as (

    select * from {{ ref('shipments') }}
    where shipped_at is not null

),

-- What only takes back is no delivery.
shipped_lines as (

    select
        shipment_key,
        max(quantity) as quantity
    from {{ ref('shipment_lines') }}
    group by 1

),

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where invoice_kind in ('credit_note', 'correction')

),

credited_products as (

    select distinct invoice_key
    from {{ ref('invoice_lines') }}
    where product_key is not null

),

tickets as (

    select * from {{ ref('tickets') }}

),

activities as (

    select * from {{ ref('activities') }}

),

time_entries as (

    select * from {{ ref('time_entries') }}

),

deals as (

    select * from {{ ref('deals') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

worked as (

    select
        activities.source,
        lower(activities.kind) as kind,
        coalesce(activities.account_key, deals.account_key) as account_key,
        activities.minutes,
        {{ local_date('activities.happened_at') }} as happened_date
    from activities
    left join deals on activities.deal_key = deals.deal_key

),

everything as (

    select
        'orders' as driver,
        source,
        account_key,
        order_key,
        cast(1 as decimal(18, 4)) as quantity,
        ordered_date as happened_date
    from placed
    union all
    select
        'order_lines' as driver,
        placed.source,
        placed.account_key,
        placed.order_key,
        cast(count(*) as decimal(18, 4)) as quantity,
        placed.ordered_date as happened_date
    from placed
    inner join order_lines on placed.order_key = order_lines.order_key
    group by 1, 2, 3, 4, 6
    union all
    select
        'small_orders' as driver,
        placed.source,
        placed.account_key,
        placed.order_key,
        1 as quantity,
        placed.ordered_date as happened_date
    from placed
    inner join reporting_rates
        on placed.currency_code = reporting_rates.currency_code and placed.ordered_date = reporting_rates.priced_date
    where placed.net_amount * reporting_rates.exchange_rate < {{ figure_limit('small_order_amount') }}
    union all
    select
        'deliveries' as driver,
        shipments.source,
        coalesce(shipments.account_key, orders.account_key) as account_key,
        shipments.order_key,
        1 as quantity,
        {{ local_date('shipments.shipped_at') }} as happened_date
    from shipments
    left join shipped_lines on shipments.shipment_key = shipped_lines.shipment_key
    left join orders on shipments.order_key = orders.order_key
    where coalesce(shipped_lines.quantity, 1) > 0
    union all
    select
        'order_changes' as driver,
        order_events.source,
        orders.account_key,
        order_events.order_key,
        1 as quantity,
        {{ local_date('order_events.happened_at') }} as happened_date
    from order_events
    left join orders on order_events.order_key = orders.order_key
    where order_events.event = 'changed'
    union all
    select
        'returns' as driver,
        invoice_values.source,
        invoice_values.account_key,
        invoice_values.order_key,
        1 as quantity,
        invoice_values.issued_date as happened_date
    from invoice_values
    inner join credited_products on invoice_values.invoice_key = credited_products.invoice_key
    union all
    select
        'tickets' as driver,
        tickets.source,
        coalesce(tickets.account_key, orders.account_key) as account_key,
        tickets.order_key,
        1 as quantity,
        {{ local_date('tickets.opened_at') }} as happened_date
    from tickets
    left join orders on tickets.order_key = orders.order_key
    union all
    select
        'visits' as driver,
        source,
        account_key,
        cast(null as {{ dbt.type_string() }}) as order_key,
        1 as quantity,
        happened_date
    from worked
    where kind in ('visit', 'meeting', 'event')
    union all
    select
        'activity_minutes' as driver,
        source,
        account_key,
        cast(null as {{ dbt.type_string() }}) as order_key,
        minutes as quantity,
        happened_date
    from worked
    where minutes is not null
    union all
    select
        'reminders' as driver,
        source,
        account_key,
        cast(null as {{ dbt.type_string() }}) as order_key,
        1 as quantity,
        happened_date
    from worked
    where kind = 'reminder'
    union all
    select
        'timesheet_hours' as driver,
        time_entries.source,
        coalesce(time_entries.account_key, deals.account_key, orders.account_key) as account_key,
        time_entries.order_key,
        time_entries.hours as quantity,
        time_entries.worked_date as happened_date
    from time_entries
    left join deals on time_entries.deal_key = deals.deal_key
    left join orders on time_entries.order_key = orders.order_key

)

select
    driver,
    source,
    account_key,
    order_key,
    cast(quantity as decimal(18, 4)) as quantity,
    happened_date
from everything
where happened_date <= {{ as_of() }}
