select
    cast(null as {{ dbt.type_string() }}) as code,
    cast(null as {{ dbt.type_string() }}) as entity,
    cast(null as {{ dbt.type_string() }}) as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    cast(null as {{ dbt.type_string() }}) as source,
    cast(null as {{ dbt.type_string() }}) as account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    cast(null as {{ dbt.type_string() }}) as parameters,
    cast(null as {{ dbt.type_string() }}) as source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    cast(null as decimal(18, 2)) as amount,
    cast(null as date) as since_date
where false
