-- Orders name who sells by a personnel number only.
with

renamed as (

    select distinct
        source,
        {{ key('source', unpadded('personnel')) }} as person_key,

        {{ unpadded('personnel') }} as name
    from {{ raw('s4hana', 'sales_order_partners') }}
    where {{ unpadded('personnel') }} is not null and not is_deleted

)

select * from renamed
