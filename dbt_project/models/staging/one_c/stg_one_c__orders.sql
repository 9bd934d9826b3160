-- An order that is not posted is a draft; one whose every line was called off is called off.
with

orders as (

    select * from {{ raw('one_c', 'orders') }}
    where not is_deleted

),

order_lines as (

    select
        order_key,
        {{ first_known('warehouse_reference', 'sequence') }} as warehouse_reference,
        sum(net_amount) as net_amount,
        max(requested_date) as requested_date,
        max(promised_date) as promised_date,
        sum(quantity_cancelled) = sum(quantity) and sum(quantity) > 0 as is_cancelled
    from {{ ref('stg_one_c__order_lines') }}
    group by 1

),

catalogs as (

    select * from {{ ref('stg_one_c__catalogs') }}

),

renamed as (

    select
        orders.source,
        {{ key('orders.source', 'orders.ref_key') }} as order_key,
        {{ key('orders.source', none_text('orders.kontragent_key')) }} as account_key,
        {{ key('orders.source', none_text('orders.menedzher_key')) }} as owner_key,

        organizations.name as company,
        coalesce({{ none_text('orders.number') }}, orders.ref_key) as order_number,
        {{ none_text('orders.nomer_po_dannym_klienta') }} as customer_reference,
        case
            when order_lines.is_cancelled then 'cancelled'
            when not coalesce(orders.posted, false) then 'draft'
            when orders.status = 'НеСогласован' then 'in_approval'
            when orders.status = 'Закрыт' then 'completed'
            else 'open'
        end as status,
        case when orders.posted and orders.status = 'НеСогласован' then 'approval' end as hold_reason,
        warehouses.name as warehouse,
        currencies.name as currency_code,

        coalesce(order_lines.net_amount, orders.summa_dokumenta) as net_amount,

        coalesce(order_lines.is_cancelled, false) as is_cancelled,

        coalesce(order_lines.requested_date, {{ none_date('orders.zhelaemaya_data_otgruzki') }}) as requested_date,
        order_lines.promised_date,

        orders.date as ordered_at
    from orders
    left join order_lines on {{ key('orders.source', 'orders.ref_key') }} = order_lines.order_key
    left join catalogs as organizations
        on orders.source = organizations.source and orders.organizatsiya_key = organizations.ref_key
    left join catalogs as currencies
        on orders.source = currencies.source and orders.valyuta_key = currencies.ref_key
    left join catalogs as warehouses
        on
            orders.source = warehouses.source
            and coalesce({{ none_text('orders.sklad_key') }}, order_lines.warehouse_reference) = warehouses.ref_key

)

select * from renamed
