-- Users who left are in the list no more, and still own what they owned.
with

users as (

    select * from {{ raw('livespace', 'users') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as person_key,

        coalesce(
            {{ none_text('name') }},
            {{ none_text("coalesce(firstname, '') || ' ' || coalesce(lastname, '')") }},
            id
        ) as name,

        not is_deleted as is_active
    from users

)

select * from renamed
