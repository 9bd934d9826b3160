with

warehouses as (

    select * from {{ raw('comarch_xl', 'magazyny') }}

),

renamed as (

    select
        source,
        {{ key('source', 'mag_gid_numer') }} as location_key,

        mag_gid_numer as warehouse_id,
        {{ none_text('mag_kod') }} as name,
        {{ country_code('mag_kraj') }} as country_code
    from warehouses
    where {{ none_text('mag_kod') }} is not null and not is_deleted

)

select * from renamed
