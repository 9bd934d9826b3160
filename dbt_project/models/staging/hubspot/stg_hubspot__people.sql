-- Owners who left are archived, and still own what they owned.
with

owners as (

    select * from {{ raw('hubspot', 'owners') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as person_key,

        coalesce(
            {{ none_text("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") }},
            {{ none_text('email') }},
            id
        ) as name,
        {{ none_text('team') }} as team,

        not is_deleted and not coalesce(archived, false) as is_active
    from owners

)

select * from renamed
