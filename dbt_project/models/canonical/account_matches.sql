-- Accounts joined by merged pairs, directly or through others, are one customer; its key is remembered.
with

accounts as (

    select
        *,
        row_number() over (order by created_at asc nulls last, account_key asc) as seniority
    from {{ ref('accounts') }}

),

account_clusters as (

    select * from {{ ref('account_clusters') }}

),

merged_pairs as (

    select * from {{ ref('account_pairs') }}
    where outcome = 'merged'

),

-- Every key an account ever had; whom it belongs to since counts before whom it belonged to once.
customer_keys as (

    select
        account_key,
        customer_key,
        row_number() over (partition by account_key order by since_date desc) = 1 as is_latest
    from (
        select
            account_key,
            customer_key,
            cast('1900-01-01' as date) as since_date
        from remembered.main.customer_keys
        union all
        select
            account_key,
            to_customer_key as customer_key,
            as_of_date as since_date
        from remembered.main.customer_key_changes
    ) as every_key

),

members as (

    select
        account_clusters.account_key,
        account_clusters.cluster_key,
        accounts.seniority
    from account_clusters
    inner join accounts on account_clusters.account_key = accounts.account_key

),

-- A key stays with one cluster only: where a customer is taken apart again, with the account it was made from.
claims as (

    select
        customer_keys.customer_key,
        members.cluster_key,
        min(case when customer_keys.is_latest then members.seniority end) as seniority,
        min(members.seniority) as former_seniority,
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
        customer_key
    from granted
    qualify
        row_number() over (
            partition by cluster_key
            order by seniority asc nulls last, founded desc, former_seniority asc, customer_key asc
        ) = 1

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
        agreed,
        disagreed,
        evidence,
        confidence,
        score
    from merged_pairs
    union all
    select
        other_account_key as account_key,
        account_key as other_account_key,
        rule,
        agreed,
        disagreed,
        evidence,
        confidence,
        score
    from merged_pairs

),

joined as (

    select
        account_key,
        rule,
        agreed,
        disagreed,
        {{ json_text({'with': 'other_account_key', 'values': read_json('evidence')}) }} as evidence,
        confidence
    from both_ways
    qualify
        row_number() over (
            partition by account_key
            order by
                case rule when 'decision' then 1 when 'erp_reference' then 2 when 'tax_id' then 3 else 4 end asc,
                score desc nulls last,
                other_account_key asc
        ) = 1

)

select
    accounts.account_key,
    coalesce(remembered_keys.customer_key, first_members.customer_key) as customer_key,
    accounts.source,
    accounts.name as account_name,
    coalesce(joined.rule, 'alone') as rule,
    joined.agreed,
    joined.disagreed,
    joined.evidence,
    cast(coalesce(joined.confidence, 1) as decimal(5, 4)) as confidence
from accounts
inner join members on accounts.account_key = members.account_key
inner join first_members on members.cluster_key = first_members.cluster_key
left join remembered_keys on members.cluster_key = remembered_keys.cluster_key
left join joined on accounts.account_key = joined.account_key
