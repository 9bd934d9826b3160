with

orders as (

    select * from {{ raw('s4hana', 'sales_orders') }}
    where not is_deleted

),

order_lines as (

    select
        order_key,
        {{ first_known('warehouse', 'sequence') }} as warehouse,
        max(promised_date) as promised_date,
        sum(quantity_cancelled) = sum(quantity) as is_cancelled
    from {{ ref('stg_s4hana__order_lines') }}
    group by 1

),

sellers as (

    select
        source,
        {{ unpadded('sales_order') }} as sales_order,
        {{ first_known(unpadded('personnel'), 'record_key') }} as personnel
    from {{ raw('s4hana', 'sales_order_partners') }}
    where not is_deleted
    group by 1, 2

),

renamed as (

    select
        orders.source,
        {{ key('orders.source', unpadded('orders.sales_order')) }} as order_key,
        {{ key('orders.source', unpadded('orders.sold_to_party')) }} as account_key,
        {{ key('orders.source', 'sellers.personnel') }} as owner_key,
        {{ source_url('s4hana', "'#SalesOrder-display?SalesOrder=' || orders.sales_order", 'orders.source') }}
            as source_url,

        {{ none_text('orders.sales_organization') }} as company,
        {{ unpadded('orders.sales_order') }} as order_number,
        {{ none_text('orders.purchase_order_by_customer') }} as customer_reference,
        case
            when orders.overall_sd_document_rejection_sts = 'C' or order_lines.is_cancelled then 'cancelled'
            when orders.sales_doc_approval_status = 'A' then 'in_approval'
            when orders.overall_sd_process_status = 'C' then 'completed'
            else 'open'
        end as status,
        case
            when orders.overall_sd_process_status = 'C' then null
            when orders.sales_doc_approval_status = 'A' then 'approval'
            when orders.total_credit_check_status in ('B', 'C') then 'credit'
            when {{ none_text('orders.delivery_block_reason') }} is not null then 'delivery_blocked'
            when {{ none_text('orders.header_billing_block_reason') }} is not null then 'billing_blocked'
        end as hold_reason,
        order_lines.warehouse,
        {{ none_text('orders.transaction_currency') }} as currency_code,

        orders.total_net_amount as net_amount,

        coalesce(orders.overall_sd_document_rejection_sts = 'C' or order_lines.is_cancelled, false) as is_cancelled,

        {{ none_date('orders.requested_delivery_date') }} as requested_date,
        order_lines.promised_date,

        {{ start_of_local_day(
            'coalesce(' ~ none_date('orders.sales_order_date') ~ ', ' ~ none_date('orders.creation_date') ~ ')'
        ) }} as ordered_at
    from orders
    left join order_lines
        on {{ key('orders.source', unpadded('orders.sales_order')) }} = order_lines.order_key
    left join sellers
        on orders.source = sellers.source and {{ unpadded('orders.sales_order') }} = sellers.sales_order

)

select * from renamed
