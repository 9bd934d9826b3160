with

renamed as (

    select
        source,
        {{ key('source', 'ref_key') }} as person_key,

        coalesce({{ none_text('description') }}, ref_key) as name,

        not is_deleted as is_active
    from {{ raw('one_c', 'users') }}

)

select * from renamed
