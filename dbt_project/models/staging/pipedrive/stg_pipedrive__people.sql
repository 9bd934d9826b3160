with

users as (

    select * from {{ raw('pipedrive', 'users') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as person_key,

        coalesce({{ none_text('name') }}, cast(id as {{ dbt.type_string() }})) as name,

        -- Who left the firm is switched off, or is in the list no more; their deals are still theirs.
        coalesce(active_flag, true) and not is_deleted as is_active
    from users

)

select * from renamed
