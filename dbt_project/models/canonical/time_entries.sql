-- Time sheets of their own name the order of an ERP by its number: it is their company's of that number, if one is.
with

time_entries as (

    {{ staged('time_entries') }}

),

companies as (

    select * from {{ ref('companies') }}

),

orders as (

    select
        orders.order_key,
        upper(trim(orders.order_number)) as plain_number,
        companies.company as group_company
    from {{ ref('orders') }} as orders
    left join companies on orders.source = companies.source

),

named_orders as (

    select
        time_entries.time_entry_key,
        min(orders.order_key) as order_key
    from time_entries
    left join companies on time_entries.source = companies.source
    inner join orders
        on
            upper(trim(time_entries.order_reference)) = orders.plain_number
            and {{ one_company('companies.company', 'orders.group_company') }}
    group by 1
    having count(*) = 1

)

select
    time_entries.time_entry_key,
    time_entries.account_key,
    time_entries.deal_key,
    coalesce(time_entries.order_key, named_orders.order_key) as order_key,
    time_entries.person_key,
    time_entries.source,
    time_entries.source_url,
    time_entries.order_reference,
    time_entries.currency_code,
    time_entries.hours,
    time_entries.cost_rate,
    time_entries.worked_date
from time_entries
left join named_orders on time_entries.time_entry_key = named_orders.time_entry_key
