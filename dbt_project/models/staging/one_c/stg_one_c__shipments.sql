-- Goods leave with the document that sells them; a document of services alone moves nothing.
with

documents as (

    select * from {{ ref('stg_one_c__sales_documents') }}

),

goods as (

    select
        invoice_key,
        {{ first_known('order_key', 'invoice_line_key') }} as order_key
    from {{ ref('stg_one_c__invoice_lines') }}
    where not is_service
    group by 1

),

renamed as (

    select
        documents.source,
        documents.invoice_key as shipment_key,
        documents.account_key,
        goods.order_key,

        documents.company,
        documents.invoice_number as shipment_number,
        documents.warehouse,

        documents.documented_at as shipped_at
    from documents
    inner join goods on documents.invoice_key = goods.invoice_key

)

select * from renamed
