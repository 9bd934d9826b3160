with

warehouses as (

    select * from {{ raw('tryton', 'warehouses') }}

),

addresses as (

    select * from {{ raw('tryton', 'addresses') }}

),

renamed as (

    select
        warehouses.source,
        {{ key('warehouses.source', 'warehouses.company_id', 'warehouses.id') }} as location_key,

        warehouses.company_name as company,
        coalesce({{ none_text('warehouses.code') }}, warehouses.name) as name,
        {{ country_code('addresses.country_code') }} as country_code
    from warehouses
    left join addresses
        on
            warehouses.source = addresses.source
            and warehouses.company_id = addresses.company_id
            and warehouses.address = addresses.id
            and not addresses.is_deleted
    where not warehouses.is_deleted

)

select * from renamed
