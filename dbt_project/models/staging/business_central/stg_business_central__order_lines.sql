-- Lines of the version that order_versions names. The open order book has the promised dates; the first promise is what
-- the order said when its confirmation was sent, which is when its first version was archived.
with

order_versions as (

    select * from {{ ref('stg_business_central__order_versions') }}

),

sales_orders as (

    select * from {{ raw('business_central', 'sales_orders') }}

),

sales_order_lines as (

    select * from {{ raw('business_central', 'sales_order_lines') }}

),

open_book as (

    select * from {{ raw('business_central', 'sales_lines') }}
    where {{ none_text('document_type') }} = 'Order' and not is_deleted

),

archives as (

    select * from {{ raw('business_central', 'sales_order_archives') }}

),

archive_lines as (

    select * from {{ raw('business_central', 'sales_order_archive_lines') }}

),

locations as (

    select * from {{ raw('business_central', 'locations') }}

),

items as (

    select * from {{ raw('business_central', 'items') }}

),

first_promises as (

    select
        source,
        company_id,
        document_number,
        doc_no_occurrence,
        sequence,
        {{ none_date('shipment_date') }} as first_promised_date
    from archive_lines
    where version_number = 1

),

posted as (

    select
        headers.source,
        headers.company_id,
        headers.order_number,
        lines.sequence,
        sum(lines.quantity) as quantity
    from {{ raw('business_central', 'sales_shipments') }} as headers
    inner join {{ raw('business_central', 'sales_shipment_lines') }} as lines
        on headers.source = lines.source and headers.company_id = lines.company_id and headers.id = lines.document_id
    group by 1, 2, 3, 4

),

current_lines as (

    select
        order_versions.*,
        lines.sequence,
        {{ none_text('lines.line_type') }} as line_type,
        {{ none_text('lines.line_object_number') }} as object_number,
        {{ none_text('lines.unit_of_measure_code') }} as unit_of_measure,
        locations.code as warehouse,
        lines.quantity,
        lines.unit_price,
        lines.discount_amount,
        lines.net_amount,
        coalesce(
            {{ none_date('open_book.requested_delivery_date') }},
            {{ none_date('sales_orders.requested_delivery_date') }}
        ) as requested_date,
        -- A draft promises nothing yet.
        case
            when {{ none_text('sales_orders.status') }} = 'Open'
                then
                    coalesce(
                        {{ none_date('open_book.promised_delivery_date') }},
                        {{ none_date('open_book.shipment_date') }},
                        {{ none_date('lines.shipment_date') }}
                    )
        end as promised_date
    from order_versions
    inner join sales_orders
        on
            order_versions.source = sales_orders.source
            and order_versions.company_id = sales_orders.company_id
            and order_versions.document_id = sales_orders.id
    inner join sales_order_lines as lines
        on
            order_versions.source = lines.source
            and order_versions.company_id = lines.company_id
            and order_versions.document_id = lines.document_id
    left join open_book
        on
            order_versions.source = open_book.source
            and order_versions.company_id = open_book.company_id
            and order_versions.order_number = open_book.document_no
            and lines.sequence = open_book.line_no
    left join locations
        on
            lines.source = locations.source
            and lines.company_id = locations.company_id
            and lines.location_id = locations.id
    where order_versions.version_kind in ('current', 'last_seen')

),

archived_lines as (

    select
        order_versions.*,
        lines.sequence,
        {{ none_text('lines.line_type') }} as line_type,
        {{ none_text('lines.line_object_number') }} as object_number,
        {{ none_text('lines.unit_of_measure_code') }} as unit_of_measure,
        {{ none_text('lines.location_code') }} as warehouse,
        lines.quantity,
        lines.unit_price,
        lines.line_discount_amount as discount_amount,
        lines.amount as net_amount,
        {{ none_date('archives.requested_delivery_date') }} as requested_date,
        {{ none_date('lines.shipment_date') }} as promised_date
    from order_versions
    inner join archives
        on
            order_versions.source = archives.source
            and order_versions.company_id = archives.company_id
            and order_versions.order_number = archives.number
            and order_versions.doc_no_occurrence = archives.doc_no_occurrence
            and order_versions.version_number = archives.version_number
    inner join archive_lines as lines
        on
            order_versions.source = lines.source
            and order_versions.company_id = lines.company_id
            and order_versions.order_number = lines.document_number
            and order_versions.doc_no_occurrence = lines.doc_no_occurrence
            and order_versions.version_number = lines.version_number
    where order_versions.version_kind = 'archived'

),

lines as (

    select * from current_lines
    union all
    select * from archived_lines

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.company_id', 'lines.order_number', 'lines.sequence') }} as order_line_key,
        {{ key('lines.source', 'lines.company_id', 'lines.order_number') }} as order_key,
        case
            when lines.line_type = 'Item' then {{ key('lines.source', 'lines.company_id', 'lines.object_number') }}
        end as product_key,

        case
            when lines.line_type = 'Charge' then 'charge'
            when lines.line_type = 'Item' and coalesce(items.type, '') != 'Service' then 'goods'
            else 'service'
        end as kind,
        lines.unit_of_measure,
        lines.warehouse,

        lines.sequence,
        lines.quantity,
        case
            when lines.version_kind != 'current' then greatest(lines.quantity - coalesce(posted.quantity, 0), 0)
            else 0
        end as quantity_cancelled,
        lines.unit_price,
        lines.discount_amount,
        lines.net_amount,

        lines.requested_date,
        case
            when lines.promised_date is not null
                then coalesce(first_promises.first_promised_date, lines.promised_date)
        end as first_promised_date,
        lines.promised_date
    from lines
    left join items
        on
            lines.source = items.source
            and lines.company_id = items.company_id
            and lines.object_number = items.number
    left join first_promises
        on
            lines.source = first_promises.source
            and lines.company_id = first_promises.company_id
            and lines.order_number = first_promises.document_number
            and lines.doc_no_occurrence = first_promises.doc_no_occurrence
            and lines.sequence = first_promises.sequence
    left join posted
        on
            lines.source = posted.source
            and lines.company_id = posted.company_id
            and lines.order_number = posted.order_number
            and lines.sequence = posted.sequence
    where coalesce(lines.line_type, 'Comment') != 'Comment'

)

select * from renamed
