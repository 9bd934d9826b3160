with

warehouses as (

    select * from {{ raw('enova365', 'magazyny') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as location_key,

        id as warehouse_id,
        coalesce({{ none_text('symbol') }}, {{ none_text('nazwa') }}) as name
    from warehouses
    where coalesce({{ none_text('symbol') }}, {{ none_text('nazwa') }}) is not null and not is_deleted

)

select * from renamed
