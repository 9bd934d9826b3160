-- A sale is an order from its confirmation on; before that it is a quote. The day it was confirmed is the day of the
-- sale: no other is recorded.
with

sales as (

    select * from {{ raw('tryton', 'sales') }}

),

sale_orders as (

    select * from {{ ref('stg_tryton__sale_orders') }}

),

warehouses as (

    select * from {{ ref('stg_tryton__locations') }}

),

order_lines as (

    select
        order_key,
        max(first_promised_date) as first_promised_date,
        max(promised_date) as promised_date
    from {{ ref('stg_tryton__order_lines') }}
    group by 1

),

orders as (

    select
        sales.*,
        {{ key('sales.source', 'sales.company_id', 'sales.id') }} as order_key
    from sales
    inner join sale_orders
        on
            sales.source = sale_orders.source
            and sales.company_id = sale_orders.company_id
            and sales.id = sale_orders.id
    where sale_orders.is_ordered and not sale_orders.is_return

),

renamed as (

    select
        orders.source,
        orders.order_key,
        {{ key('orders.source', 'orders.company_id', 'orders.party') }} as account_key,
        {{ source_url('tryton', "'/model/sale.sale/' || orders.id", 'orders.source') }} as source_url,

        orders.company_name as company,
        coalesce({{ none_text('orders.number') }}, cast(orders.id as {{ dbt.type_string() }})) as order_number,
        case when orders.origin like 'sale.opportunity,%' then orders.origin end as deal_reference,
        {{ none_text('orders.reference') }} as customer_reference,
        case orders.state
            when 'done' then 'completed'
            when 'cancelled' then 'cancelled'
            else 'open'
        end as status,
        warehouses.name as warehouse,
        coalesce({{ none_text('orders.currency_code') }}, orders.company_currency) as currency_code,

        orders.untaxed_amount as net_amount,

        orders.state = 'cancelled' as is_cancelled,

        orders.shipping_date as requested_date,
        order_lines.first_promised_date,
        order_lines.promised_date,

        {{ start_of_local_day('orders.sale_date') }} as ordered_at,
        case when orders.state = 'cancelled' then orders.changed_at end as cancelled_at
    from orders
    left join order_lines on orders.order_key = order_lines.order_key
    left join warehouses
        on {{ key('orders.source', 'orders.company_id', 'orders.warehouse') }} = warehouses.location_key

)

select * from renamed
