with

accounts as (

    select * from {{ ref('accounts') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

account_pairs as (

    select * from {{ ref('account_pairs') }}

),

customers as (

    select * from {{ ref('customers') }}

),

people as (

    select * from {{ ref('people') }}

),

deals as (

    select * from {{ ref('deals') }}

),

funnel_to_cash as (

    select * from {{ ref('funnel_to_cash') }}

),

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

kinds_of_systems as (

    select
        max(case when entity in ('deals', 'leads') and is_fed then 1 else 0 end) = 1
        and max(case when entity in ('orders', 'invoices') and is_fed then 1 else 0 end) = 1 as are_both_fed
    from {{ ref('coverage') }}

),

-- What an account is worth: revenue of the last twelve full months, as pages count it, in an ERP; deals won in a CRM.
account_money as (

    select
        account_key,
        'revenue' as kind,
        sum(revenue_amount) as amount,
        min(posted_date) as since_date
    from profitability_lines
    where
        posted_date >= {{ dbt.dateadd('month', -12, month_of(as_of())) }}
        and posted_date < {{ month_of(as_of()) }}
        and revenue_amount <> 0
    group by 1
    union all
    select
        deals.account_key,
        'won' as kind,
        sum(funnel_to_cash.won_amount) as amount,
        min(funnel_to_cash.closed_date) as since_date
    from funnel_to_cash
    inner join deals on funnel_to_cash.deal_key = deals.deal_key
    group by 1

),

-- A number written down ties a deal to an order of another customer: either the two are one, or it is mistyped.
linked_accounts as (

    select
        deals.account_key,
        min(orders.account_key) as other_account_key
    from {{ ref('thread') }} as thread
    inner join deals on thread.from_key = deals.deal_key
    inner join {{ ref('orders') }} as orders on thread.to_key = orders.order_key
    inner join account_matches as deal_matches on deals.account_key = deal_matches.account_key
    inner join account_matches as order_matches on orders.account_key = order_matches.account_key
    where
        thread.from_entity = 'deals'
        and thread.to_entity = 'orders'
        and not thread.is_guessed
        and deal_matches.customer_key <> order_matches.customer_key
    group by 1

),

customer_money as (

    select
        account_matches.customer_key,
        sum(account_money.amount) as amount
    from account_money
    inner join account_matches on account_money.account_key = account_matches.account_key
    where account_money.kind = 'revenue'
    group by 1

)

select
    'unmatched_account' as code,
    'account' as entity,
    accounts.account_key as record_key,
    linked_accounts.other_account_key as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    accounts.source,
    accounts.account_key,
    people.name as owner_name,
    {{ reporting_currency() }} as currency_code,
    {{ json_text({'name': 'accounts.name', 'money': 'account_money.kind'}) }} as parameters,
    accounts.source_url,
    others.source_url as other_source_url,
    account_money.amount,
    account_money.since_date
from account_money
cross join kinds_of_systems
inner join accounts on account_money.account_key = accounts.account_key
inner join account_matches on accounts.account_key = account_matches.account_key
inner join customers on account_matches.customer_key = customers.customer_key
left join people on accounts.owner_key = people.person_key
left join linked_accounts on accounts.account_key = linked_accounts.account_key
left join accounts as others on linked_accounts.other_account_key = others.account_key
where
    kinds_of_systems.are_both_fed
    and account_money.amount <> 0
    and (
        (account_money.kind = 'revenue' and not customers.is_in_crm)
        or (account_money.kind = 'won' and not customers.is_in_erp)
    )
union all
select
    'proposed_match' as code,
    'account' as entity,
    account_pairs.account_key as record_key,
    account_pairs.other_account_key as other_record_key,
    account_pairs.other_account_key as detail,
    accounts.source,
    accounts.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    {{ reporting_currency() }} as currency_code,
    {{ json_text({
        'name': 'accounts.name',
        'other': 'others.name',
        'agreed': 'account_pairs.agreed',
        'disagreed': 'account_pairs.disagreed',
        'confidence': 'account_pairs.confidence'
    }) }} as parameters,
    accounts.source_url,
    others.source_url as other_source_url,
    coalesce(customer_money.amount, 0) + coalesce(others_money.amount, 0) as amount,
    {{ local_date('greatest(accounts.created_at, others.created_at)') }} as since_date
from account_pairs
inner join accounts on account_pairs.account_key = accounts.account_key
inner join accounts as others on account_pairs.other_account_key = others.account_key
left join account_matches on accounts.account_key = account_matches.account_key
left join account_matches as other_matches on others.account_key = other_matches.account_key
left join customer_money on account_matches.customer_key = customer_money.customer_key
left join customer_money as others_money
    on
        other_matches.customer_key = others_money.customer_key
        and account_matches.customer_key <> others_money.customer_key
where account_pairs.outcome = 'proposed'
