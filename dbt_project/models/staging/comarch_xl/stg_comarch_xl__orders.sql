with

documents as (

    select * from {{ ref('stg_comarch_xl__order_documents') }}
    where role = 'order'

),

locations as (

    select * from {{ ref('stg_comarch_xl__locations') }}

),

promises as (

    select
        order_key,
        max(first_promised_date) as first_promised_date,
        max(promised_date) as promised_date
    from {{ ref('stg_comarch_xl__order_lines') }}
    group by 1

),

-- The attribute that holds the deal of the CRM is a setting; no other is read.
deals as (

    select
        {{ key('source', 'atr_obi_numer') }} as order_key,
        {{ first_known(none_text('atr_wartosc'), 'atr_id') }} as deal_reference
    from {{ raw('comarch_xl', 'atrybuty') }}
    where {{ none_text('atr_wartosc') }} is not null and coalesce(atr_obi_lp, 0) = 0 and not is_deleted
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
        promises.first_promised_date,
        promises.promised_date,

        documents.created_at as ordered_at,
        {{ start_of_local_day('documents.confirmed_date') }} as confirmed_at,
        case when documents.status = 'cancelled' then documents.updated_at end as cancelled_at
    from documents
    left join locations
        on documents.source = locations.source and documents.warehouse_id = locations.warehouse_id
    left join promises on documents.document_key = promises.order_key
    left join deals on documents.document_key = deals.order_key

)

select * from renamed
