with

closed_month_changes as (

    select * from {{ ref('closed_month_changes') }}

)

select
    'closed_month_changed' as code,
    'month' as entity,
    cast(month as {{ dbt.type_string() }}) as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    figure as detail,
    cast(null as {{ dbt.type_string() }}) as source,
    cast(null as {{ dbt.type_string() }}) as account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    reporting_currency_code as currency_code,
    {{ json_text({
        'figure': 'figure',
        'month': 'month',
        'before': 'remembered_amount',
        'now': 'amount'
    }) }} as parameters,
    cast(null as {{ dbt.type_string() }}) as source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    cast(difference_amount as decimal(18, 2)) as amount,
    remembered_date as since_date
from closed_month_changes
where customer_key is null
