with

accounts as (

    select * from {{ ref('accounts') }}

),

account_fields as (

    select * from {{ ref('account_fields') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

account_decisions as (

    select * from {{ ref('account_decisions') }}

),

members as (

    select
        accounts.account_key,
        accounts.source,
        accounts.name,
        accounts.source_url,
        accounts.created_at,
        account_matches.customer_key,
        customers.tax_id as customer_tax_id,
        account_fields.tax_id,
        row_number() over (
            partition by account_matches.customer_key, accounts.source
            order by accounts.created_at asc nulls last, accounts.account_key asc
        ) as place_in_source,
        row_number() over (
            partition by account_matches.customer_key
            order by accounts.created_at asc nulls last, accounts.account_key asc
        ) as place
    from accounts
    inner join account_matches on accounts.account_key = account_matches.account_key
    inner join customers on account_matches.customer_key = customers.customer_key
    left join account_fields on accounts.account_key = account_fields.account_key

),

holders as (

    select
        customer_key,
        {{ first_known('account_key', 'place') }} as account_key,
        {{ first_known('source_url', 'place') }} as source_url
    from members
    where tax_id = customer_tax_id
    group by 1

),

decided as (

    select
        account_key_a as account_key,
        account_key_b as other_account_key,
        decision,
        reason,
        "when" as decided
    from account_decisions
    union all
    select
        account_key_b,
        account_key_a,
        decision,
        reason,
        "when" as decided
    from account_decisions

),

unknown_accounts as (

    select
        decided.account_key,
        decided.other_account_key,
        max(decided.decision) as decision,
        max(decided.reason) as reason,
        min({{ dbt.safe_cast('left(decided.decided, 10)', 'date') }}) as decided_date
    from decided
    left join accounts on decided.account_key = accounts.account_key
    where accounts.account_key is null
    group by 1, 2

)

-- One firm kept twice in one system splits its figures there, whatever we join here.
select
    'duplicate_in_system' as code,
    'account' as entity,
    members.account_key as record_key,
    elders.account_key as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    members.source,
    members.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    {{ json_text({'name': 'members.name', 'other': 'elders.name'}) }} as parameters,
    members.source_url,
    elders.source_url as other_source_url,
    cast(null as decimal(18, 4)) as amount,
    {{ local_date('members.created_at') }} as since_date
from members
inner join members as elders
    on
        members.customer_key = elders.customer_key
        and members.source = elders.source
        and elders.place_in_source = 1
where members.place_in_source > 1
union all
select
    'customer_value_conflict' as code,
    'account' as entity,
    members.account_key as record_key,
    holders.account_key as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    members.source,
    members.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    {{ json_text({
        'name': 'members.name',
        'tax_id': 'members.tax_id',
        'other': 'members.customer_tax_id'
    }) }} as parameters,
    members.source_url,
    holders.source_url as other_source_url,
    cast(null as decimal(18, 4)) as amount,
    {{ local_date('members.created_at') }} as since_date
from members
inner join holders on members.customer_key = holders.customer_key
where members.tax_id <> members.customer_tax_id
union all
select
    'decision_names_unknown_account' as code,
    'account' as entity,
    unknown_accounts.account_key as record_key,
    unknown_accounts.other_account_key as other_record_key,
    unknown_accounts.other_account_key as detail,
    {{ dbt.split_part('unknown_accounts.account_key', "':'", 1) }} as source,
    unknown_accounts.other_account_key as account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    {{ json_text({
        'account': 'unknown_accounts.account_key',
        'decision': 'unknown_accounts.decision',
        'reason': 'unknown_accounts.reason'
    }) }} as parameters,
    cast(null as {{ dbt.type_string() }}) as source_url,
    others.source_url as other_source_url,
    cast(null as decimal(18, 4)) as amount,
    unknown_accounts.decided_date as since_date
from unknown_accounts
left join accounts as others on unknown_accounts.other_account_key = others.account_key
