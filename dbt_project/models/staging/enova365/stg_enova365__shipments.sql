-- The day of the operation is the day goods left; nobody writes down when they came. A draft is only planned.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('delivery', 'return') and not is_cancelled

),

orders as (

    select
        document_key,
        min(order_key) as order_key
    from {{ ref('stg_enova365__issues') }}
    where order_key is not null
    group by 1
    having count(distinct order_key) = 1

),

locations as (

    select * from {{ ref('stg_enova365__locations') }}

),

renamed as (

    select
        documents.source,
        documents.document_key as shipment_key,
        documents.account_key,
        orders.order_key,

        documents.document_number as shipment_number,
        locations.name as warehouse,
        documents.service_level,
        documents.currency_code,

        documents.created_at,
        case when not documents.is_draft then {{ start_of_local_day('documents.operation_date') }} end as shipped_at
    from documents
    left join orders on documents.document_key = orders.document_key
    left join locations
        on documents.source = locations.source and documents.warehouse_id = locations.warehouse_id

)

select * from renamed
