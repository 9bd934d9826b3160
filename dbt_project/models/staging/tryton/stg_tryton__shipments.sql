with

deliveries as (

    select * from {{ ref('stg_tryton__deliveries') }}

),

shipment_lines as (

    select
        shipment_key,
        min(order_key) as order_key
    from {{ ref('stg_tryton__shipment_lines') }}
    group by 1
    having min(order_key) = max(order_key)

),

warehouses as (

    select * from {{ ref('stg_tryton__locations') }}

),

carriers as (

    select * from {{ raw('tryton', 'carriers') }}

),

renamed as (

    select
        deliveries.source,
        deliveries.shipment_key,
        deliveries.account_key,
        shipment_lines.order_key,
        {{ source_url('tryton', "'/model/' || replace(deliveries.document, ',', '/')", 'deliveries.source') }}
            as source_url,

        deliveries.company,
        deliveries.shipment_number,
        warehouses.name as warehouse,
        carriers.party_name as carrier,
        deliveries.currency_code,

        case when deliveries.shipped_date is not null then deliveries.cost_used end as freight_cost_amount,

        deliveries.created_at,
        {{ start_of_local_day('deliveries.shipped_date') }} as shipped_at
    from deliveries
    left join shipment_lines on deliveries.shipment_key = shipment_lines.shipment_key
    left join warehouses on deliveries.location_key = warehouses.location_key
    left join carriers
        on
            deliveries.source = carriers.source
            and deliveries.company_id = carriers.company_id
            and deliveries.carrier = carriers.id

)

select * from renamed
