with

-- Written down when accounts are matched, in a file that is carried from refresh to refresh.
changes as (

    select * from remembered.main.customer_key_changes

),

account_matches as (

    select * from {{ ref('account_matches') }}

)

select
    changes.account_key || ' ' || cast(changes.as_of_date as {{ dbt.type_string() }}) as customer_key_change_key,
    changes.account_key,
    changes.from_customer_key,
    changes.to_customer_key,
    account_matches.source,
    account_matches.account_name,
    changes.change_kind,
    changes.as_of_date
from changes
left join account_matches on changes.account_key = account_matches.account_key
