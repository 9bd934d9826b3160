-- Who belongs to whom and who pays for whom, as accounts and people say it; a customer is not its own parent or payer.
{{ config(materialized='table') }}

with

accounts as (

    select * from {{ ref('accounts') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

-- The latest decision on two accounts counts; of two made at once, the one that keeps them apart.
decisions as (

    select
        account_key_a as account_key,
        account_key_b as related_account_key,
        decision,
        {{ decided_at() }} as decided_at
    from {{ ref('account_decisions') }}
    qualify row_number() over (
        partition by
            least(account_key_a, account_key_b),
            greatest(account_key_a, account_key_b)
        order by decided_at desc nulls last, decision asc, account_key_a asc
    ) = 1

),

stated as (

    select
        account_key,
        related_account_key,
        'parent_customer_key' as field,
        1 as is_decided,
        decided_at
    from decisions
    where decision = 'parent'
    union all
    select
        account_key,
        parent_account_key as related_account_key,
        'parent_customer_key' as field,
        0 as is_decided,
        null as decided_at
    from accounts
    union all
    select
        account_key,
        payer_account_key as related_account_key,
        'payer_customer_key' as field,
        0 as is_decided,
        null as decided_at
    from accounts

),

related as (

    select
        belonging.customer_key,
        stated.account_key,
        related.customer_key as related_customer_key,
        stated.related_account_key,
        stated.field,
        accounts.name as related_name,
        stated.is_decided,
        stated.decided_at
    from stated
    inner join account_matches as belonging on stated.account_key = belonging.account_key
    inner join account_matches as related on stated.related_account_key = related.account_key
    inner join accounts on stated.related_account_key = accounts.account_key
    where belonging.customer_key <> related.customer_key

)

-- Of several decisions on one customer's parent the latest counts; the others are not kept beside it.
select
    customer_key,
    account_key,
    related_customer_key,
    field,
    related_name,
    is_decided
from related
qualify
    is_decided = 0
    or row_number() over (
        partition by customer_key, field, is_decided
        order by decided_at desc nulls last, related_account_key asc, account_key asc
    ) = 1
