with

accounts as (

    select * from {{ ref('accounts') }}

),

account_fields as (

    select * from {{ ref('account_fields') }}

),

leads as (

    select * from {{ ref('leads') }}

),

deals as (

    select * from {{ ref('deals') }}

),

quarantined_values as (

    select * from {{ ref('quarantined_values') }}

),

named as (

    select
        'account' as entity,
        account_key as record_key,
        source,
        account_key,
        name,
        {{ junk_reason('name') }} as reason,
        created_at,
        source_url
    from accounts
    union all
    select
        'lead' as entity,
        lead_key,
        source,
        account_key,
        company_name,
        {{ junk_reason('company_name') }} as reason,
        created_at,
        source_url
    from leads
    union all
    select
        'deal' as entity,
        deal_key,
        source,
        account_key,
        name,
        excluded_reason,
        created_at,
        source_url
    from deals

)

select
    'tax_id_fails_checksum' as code,
    'account' as entity,
    accounts.account_key as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    accounts.source,
    accounts.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    {{ json_text({'name': 'accounts.name', 'tax_id': 'accounts.tax_id'}) }} as parameters,
    accounts.source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    cast(null as decimal(18, 4)) as amount,
    {{ local_date('accounts.created_at') }} as since_date
from accounts
inner join account_fields on accounts.account_key = account_fields.account_key
where account_fields.tax_id_state = 'fails_checksum'
union all
select
    'junk_value' as code,
    entity,
    record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    {{ json_text({'name': 'name', 'reason': 'reason'}) }} as parameters,
    source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    cast(null as decimal(18, 4)) as amount,
    {{ local_date('created_at') }} as since_date
from named
where reason is not null
union all
select
    'quarantined_value' as code,
    stream as entity,
    source || ':' || coalesce(row_key, '') || ':' || column_name || ':' || reason as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    cast(null as {{ dbt.type_string() }}) as account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    {{ json_text({'column': 'column_name', 'value': 'quarantined_value', 'reason': 'reason'}) }} as parameters,
    cast(null as {{ dbt.type_string() }}) as source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    cast(null as decimal(18, 4)) as amount,
    cast(null as date) as since_date
from quarantined_values
