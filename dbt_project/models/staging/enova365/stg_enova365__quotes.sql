with

documents as (

    select * from {{ ref('stg_enova365__order_documents') }}

),

orders as (

    select
        made_from_key,
        {{ first_known('document_key', 'document_id') }} as order_key,
        min(created_at) as ordered_at
    from documents
    where role = 'order' and made_from_key is not null
    group by 1

),

renamed as (

    select
        offers.source,
        offers.document_key as quote_key,
        offers.account_key,
        orders.order_key,

        offers.document_number as quote_number,
        case
            when orders.order_key is not null then 'accepted'
            when offers.status = 'cancelled' then 'rejected'
            when offers.status = 'draft' then 'draft'
            else 'sent'
        end as status,
        offers.currency_code,

        offers.net_amount,

        offers.created_at,
        orders.ordered_at as accepted_at
    from documents as offers
    left join orders on offers.document_key = orders.made_from_key
    where offers.role = 'offer'

)

select * from renamed
