-- Accounts joined by evidence, directly or through others, are one customer. The walk along the evidence carries the
-- smaller key only, so that it ends at the smallest key of each customer.
with recursive

accounts as (

    select
        *,
        row_number() over (order by created_at asc nulls last, account_key asc) as seniority
    from {{ ref('accounts') }}

),

account_evidence as (

    select * from {{ ref('account_evidence') }}

),

customer_keys as (

    select * from remembered.main.customer_keys

),

neighbours as (

    select
        account_key,
        other_account_key
    from account_evidence
    union
    select
        other_account_key as account_key,
        account_key as other_account_key
    from account_evidence

),

reached as (

    select
        account_key,
        account_key as cluster_key
    from accounts

    union

    select
        neighbours.other_account_key as account_key,
        reached.cluster_key
    from reached
    inner join neighbours on reached.account_key = neighbours.account_key
    where reached.cluster_key < neighbours.other_account_key

),

members as (

    select
        reached.account_key,
        min(reached.cluster_key) as cluster_key,
        min(accounts.seniority) as seniority
    from reached
    inner join accounts on reached.account_key = accounts.account_key
    group by 1

),

-- A key stays with one cluster only: where a customer is taken apart again, with the account it was made from.
claims as (

    select
        customer_keys.customer_key,
        members.cluster_key,
        min(members.seniority) as seniority,
        max(case when {{ dbt.hash('members.account_key') }} = customer_keys.customer_key then 1 else 0 end) as founded
    from members
    inner join customer_keys on members.account_key = customer_keys.account_key
    group by 1, 2

),

granted as (

    select *
    from claims
    qualify row_number() over (partition by customer_key order by founded desc, cluster_key asc) = 1

),

remembered_keys as (

    select
        cluster_key,
        {{ first_known('customer_key', 'seniority') }} as customer_key
    from granted
    group by 1

),

first_members as (

    select
        cluster_key,
        {{ dbt.hash(first_known('account_key', 'seniority')) }} as customer_key
    from members
    group by 1

),

both_ways as (

    select
        account_key,
        other_account_key,
        rule,
        agreeing,
        confidence
    from account_evidence
    union all
    select
        other_account_key as account_key,
        account_key as other_account_key,
        rule,
        agreeing,
        confidence
    from account_evidence

),

joined as (

    select
        account_key,
        rule,
        confidence,
        {{ json_text({'with': 'other_account_key', 'agreeing': 'agreeing'}) }} as evidence
    from both_ways
    qualify row_number() over (partition by account_key order by confidence desc, rule asc, other_account_key asc) = 1

)

select
    accounts.account_key,
    coalesce(remembered_keys.customer_key, first_members.customer_key) as customer_key,
    accounts.source,
    accounts.name as account_name,
    coalesce(joined.rule, 'alone') as rule,
    joined.evidence,
    cast(coalesce(joined.confidence, 1) as decimal(5, 4)) as confidence
from accounts
inner join members on accounts.account_key = members.account_key
inner join first_members on members.cluster_key = first_members.cluster_key
left join remembered_keys on members.cluster_key = remembered_keys.cluster_key
left join joined on accounts.account_key = joined.account_key
