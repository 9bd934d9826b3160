with

employees as (

    select * from {{ raw('tryton', 'employees') }}

),

renamed as (

    select
        source,
        {{ key('source', 'company_id', 'id') }} as person_key,
        {{ key('source', 'company_id', 'supervisor') }} as manager_key,

        coalesce({{ none_text('party_name') }}, cast(id as {{ dbt.type_string() }})) as name,

        end_date is null or end_date >= {{ as_of() }} as is_active
    from employees
    where not is_deleted

)

select * from renamed
