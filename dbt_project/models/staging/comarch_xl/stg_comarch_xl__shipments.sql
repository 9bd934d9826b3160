-- The warehouse's day is the day goods left; nobody writes down when they came. What is still a draft is only planned.
with

documents as (

    select * from {{ ref('stg_comarch_xl__documents') }}
    where role in ('delivery', 'return') and not is_cancelled

),

locations as (

    select * from {{ ref('stg_comarch_xl__locations') }}

),

renamed as (

    select
        documents.source,
        documents.document_key as shipment_key,
        documents.account_key,
        documents.order_key,

        documents.document_number as shipment_number,
        locations.name as warehouse,
        documents.service_level,
        documents.currency_code,

        documents.created_at,
        case when not documents.is_draft then {{ start_of_local_day('documents.warehouse_date') }} end as shipped_at
    from documents
    left join locations
        on documents.source = locations.source and documents.warehouse_id = locations.warehouse_id

)

select * from renamed
