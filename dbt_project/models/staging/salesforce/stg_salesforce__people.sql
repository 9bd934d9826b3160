with

users as (

    select * from {{ raw('salesforce', 'users') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as person_key,
        {{ key('source', none_text('manager_id')) }} as manager_key,

        coalesce({{ none_text('name') }}, id) as name,
        {{ none_text('department') }} as team,

        is_active
    from users
    where not is_deleted

)

select * from renamed
