-- Operators are who writes documents, employees who sells: documents name either.
with

people as (

    select
        source,
        {{ key('source', "'operator'", 'id') }} as person_key,
        coalesce({{ none_text('full_name') }}, {{ none_text('name') }}) as name,
        not coalesce(locked, false) as is_active
    from {{ raw('enova365', 'operators') }}
    where not is_deleted

    union all

    select
        source,
        {{ key('source', "'employee'", 'id') }} as person_key,
        coalesce({{ none_text("concat_ws(' ', imie, nazwisko)") }}, {{ none_text('kod') }}) as name,
        cast(null as boolean) as is_active
    from {{ raw('enova365', 'pracownicy') }}
    where not is_deleted

),

renamed as (

    select
        source,
        person_key,

        name,

        is_active
    from people
    where name is not null

)

select * from renamed
