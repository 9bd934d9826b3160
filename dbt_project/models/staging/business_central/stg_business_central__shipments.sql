with

sales_shipments as (

    select * from {{ raw('business_central', 'sales_shipments') }}

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

renamed as (

    select
        shipments.source,
        {{ key('shipments.source', 'shipments.company_id', 'shipments.number') }} as shipment_key,
        {{ key('shipments.source', 'shipments.company_id', 'shipments.customer_number') }} as account_key,
        {{ key('shipments.source', 'shipments.company_id', none_text('shipments.order_number')) }} as order_key,
        {{ source_url(
            'business_central',
            "'?page=130&filter=%27No.%27%20is%20%27' || shipments.number || '%27'",
            'shipments.source',
        ) }} as source_url,

        shipments.company_name as company,
        shipments.number as shipment_number,
        {{ none_text('shipments.shipment_method_code') }} as service_level,
        coalesce({{ none_text('shipments.currency_code') }}, companies.local_currency_code) as currency_code,

        {{ start_of_local_day(none_date('shipments.posting_date')) }} as shipped_at
    from sales_shipments as shipments
    left join companies on shipments.source = companies.source and shipments.company_id = companies.company_id
    where not shipments.is_deleted

)

select * from renamed
