-- What documents name by a reference: organizations, currencies, warehouses.
with

renamed as (

    select
        source,
        ref_key,
        'organization' as catalog,
        {{ none_text('description') }} as name
    from {{ raw('one_c', 'organizations') }}
    union all
    select
        source,
        ref_key,
        'currency' as catalog,
        {{ one_c_currency('code', 'description') }} as name
    from {{ raw('one_c', 'currencies') }}
    union all
    select
        source,
        ref_key,
        'warehouse' as catalog,
        {{ none_text('description') }} as name
    from {{ raw('one_c', 'warehouses') }}

)

select * from renamed
