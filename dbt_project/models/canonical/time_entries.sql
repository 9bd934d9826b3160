-- Time sheets of their own name the order of an ERP by its number: it is the one of that number, if only one is.
with

time_entries as (

    {{ staged('time_entries') }}

),

orders as (

    select
        upper(trim(order_number)) as plain_number,
        min(order_key) as order_key
    from {{ ref('orders') }}
    group by 1
    having count(*) = 1

)

select
    time_entries.time_entry_key,
    time_entries.account_key,
    time_entries.deal_key,
    coalesce(time_entries.order_key, orders.order_key) as order_key,
    time_entries.person_key,
    time_entries.source,
    time_entries.source_url,
    time_entries.order_reference,
    time_entries.currency_code,
    time_entries.hours,
    time_entries.cost_rate,
    time_entries.worked_date
from time_entries
left join orders on upper(trim(time_entries.order_reference)) = orders.plain_number
