with

documents as (

    select * from {{ ref('stg_enova365__order_documents') }}
    where role = 'order'

),

locations as (

    select * from {{ ref('stg_enova365__locations') }}

),

promises as (

    select
        order_key,
        max(promised_date) as promised_date
    from {{ ref('stg_enova365__order_lines') }}
    group by 1

),

cancellations as (

    select
        order_key,
        max(happened_at) as cancelled_at
    from {{ ref('stg_enova365__order_events') }}
    where event = 'cancelled'
    group by 1

),

-- The feature that holds the deal of the CRM is a setting; no other of orders is read.
deals as (

    select
        {{ key('source', 'parent') }} as order_key,
        {{ first_known(none_text('data'), 'lp') }} as deal_reference
    from {{ raw('enova365', 'features') }}
    where parent_type = 'DokHandlowe' and {{ none_text('data') }} is not null and not is_deleted
    group by 1

),

renamed as (

    select
        documents.source,
        documents.document_key as order_key,
        documents.account_key,
        documents.owner_key,

        documents.document_number as order_number,
        deals.deal_reference,
        documents.customer_reference,
        documents.status,
        locations.name as warehouse,
        documents.currency_code,

        coalesce(documents.net_amount, 0) as net_amount,

        documents.status = 'cancelled' as is_cancelled,

        documents.requested_date,
        promises.promised_date,

        documents.created_at as ordered_at,
        case when documents.status = 'cancelled' then cancellations.cancelled_at end as cancelled_at
    from documents
    left join locations
        on documents.source = locations.source and documents.warehouse_id = locations.warehouse_id
    left join promises on documents.document_key = promises.order_key
    left join cancellations on documents.document_key = cancellations.order_key
    left join deals on documents.document_key = deals.order_key

)

select * from renamed
