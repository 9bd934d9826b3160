with

order_versions as (

    select * from {{ ref('stg_business_central__order_versions') }}

),

order_lines as (

    select
        order_key,
        {{ first_known('warehouse', 'sequence') }} as warehouse,
        sum(net_amount) as net_amount,
        max(first_promised_date) as first_promised_date,
        max(promised_date) as promised_date,
        sum(quantity_cancelled) > 0 as is_cancelled
    from {{ ref('stg_business_central__order_lines') }}
    group by 1

),

customers as (

    select
        source,
        company_id,
        number,
        {{ none_text('blocked') }} as blocked
    from {{ raw('business_central', 'customers') }}

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

current_orders as (

    select
        order_versions.*,
        sales_orders.customer_number,
        sales_orders.salesperson,
        sales_orders.external_document_number,
        sales_orders.currency_code,
        case {{ none_text('sales_orders.status') }}
            when 'Draft' then 'draft'
            when 'In Review' then 'in_approval'
            else 'open'
        end as status,
        sales_orders.order_date,
        sales_orders.requested_delivery_date
    from order_versions
    inner join {{ raw('business_central', 'sales_orders') }} as sales_orders
        on
            order_versions.source = sales_orders.source
            and order_versions.company_id = sales_orders.company_id
            and order_versions.document_id = sales_orders.id
    where order_versions.version_kind in ('current', 'last_seen')

),

archived_orders as (

    select
        order_versions.*,
        archives.sell_to_customer_number as customer_number,
        archives.salesperson_code as salesperson,
        archives.external_document_number,
        archives.currency_code,
        'completed' as status,
        archives.order_date,
        archives.requested_delivery_date
    from order_versions
    inner join {{ raw('business_central', 'sales_order_archives') }} as archives
        on
            order_versions.source = archives.source
            and order_versions.company_id = archives.company_id
            and order_versions.order_number = archives.number
            and order_versions.doc_no_occurrence = archives.doc_no_occurrence
            and order_versions.version_number = archives.version_number
    where order_versions.version_kind = 'archived'

),

orders as (

    select
        *,
        {{ key('source', 'company_id', 'order_number') }} as order_key,
        upper(trim(external_document_number)) as reference
    from (
        select * from current_orders
        union all
        select * from archived_orders
    ) as both_kinds

),

renamed as (

    select
        orders.source,
        orders.order_key,
        {{ key('orders.source', 'orders.company_id', 'orders.customer_number') }} as account_key,
        {{ key('orders.source', 'orders.company_id', none_text('upper(orders.salesperson)')) }} as owner_key,
        {{ source_url(
            'business_central',
            "'?page=42&filter=%27No.%27%20is%20%27' || orders.order_number || '%27'",
            'orders.source',
        ) }} as source_url,

        orders.company,
        orders.order_number,
        -- An opportunity's id, in the upper case that a code field has.
        case when regexp_matches(orders.reference, '^006[0-9A-Z]{12}([0-9A-Z]{3})?$') then orders.reference end
            as deal_reference,
        case
            when not regexp_matches(orders.reference, '^006[0-9A-Z]{12}([0-9A-Z]{3})?$')
                then {{ none_text('orders.external_document_number') }}
        end as customer_reference,
        case
            when orders.version_kind = 'current' then orders.status
            when order_lines.is_cancelled then 'cancelled'
            else 'completed'
        end as status,
        case
            when orders.version_kind != 'current' then null
            when orders.status = 'in_approval' then 'approval'
            when customers.blocked in ('All', 'Ship') then 'customer_blocked'
        end as hold_reason,
        order_lines.warehouse,
        coalesce({{ none_text('orders.currency_code') }}, companies.local_currency_code) as currency_code,

        coalesce(order_lines.net_amount, 0) as net_amount,

        orders.version_kind != 'current' and coalesce(order_lines.is_cancelled, false) as is_cancelled,

        {{ none_date('orders.requested_delivery_date') }} as requested_date,
        order_lines.first_promised_date,
        order_lines.promised_date,

        {{ start_of_local_day(none_date('orders.order_date')) }} as ordered_at,
        {{ start_of_local_day('orders.confirmed_date') }} as confirmed_at,
        case
            when orders.version_kind != 'current' and order_lines.is_cancelled
                then {{ start_of_local_day('orders.archived_date') }}
        end as cancelled_at
    from orders
    left join order_lines on orders.order_key = order_lines.order_key
    left join customers
        on
            orders.source = customers.source
            and orders.company_id = customers.company_id
            and orders.customer_number = customers.number
    left join companies on orders.source = companies.source and orders.company_id = companies.company_id

)

select * from renamed
