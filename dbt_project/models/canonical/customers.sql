-- What two systems say differently: the ERP is asked first for what stands on invoices, the CRM for who sells to whom.
with

accounts as (

    select * from {{ ref('accounts') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

people as (

    select * from {{ ref('people') }}

),

sources as (

    select
        source,
        max(case when entity in ('deals', 'leads') and is_fed then 1 else 0 end) as is_crm,
        max(case when entity in ('orders', 'invoices') and is_fed then 1 else 0 end) as is_erp
    from {{ ref('coverage') }}
    group by 1

),

members as (

    select
        accounts.*,
        account_matches.customer_key,
        {{ valid_tax_id('accounts.tax_id', 'accounts.country_code') }} as valid_tax_id,
        case when account_matches.rule != 'alone' then account_matches.confidence end as confidence,
        account_matches.rule,
        coalesce(sources.is_crm, 0) as is_crm,
        coalesce(sources.is_erp, 0) as is_erp,
        row_number() over (
            order by sources.is_erp desc, accounts.created_at asc nulls last, accounts.account_key asc
        ) as erp_rank,
        row_number() over (
            order by sources.is_crm desc, accounts.created_at asc nulls last, accounts.account_key asc
        ) as crm_rank
    from accounts
    inner join account_matches on accounts.account_key = account_matches.account_key
    left join sources on accounts.source = sources.source

),

customers as (

    select
        customer_key,
        {{ first_known('owner_key', 'crm_rank') }} as owner_key,
        {{ first_known('name', 'erp_rank') }} as name,
        {{ first_known('valid_tax_id', 'erp_rank') }} as tax_id,
        {{ first_known('country_code', 'erp_rank') }} as country_code,
        {{ first_known('region', 'crm_rank') }} as region,
        {{ first_known('segment', 'crm_rank') }} as segment,
        {{ first_known('industry', 'crm_rank') }} as industry,
        {{ first_known('currency_code', 'erp_rank') }} as currency_code,
        {{ first_known('rule', 'confidence') }} as matched_by,
        {{ first_known('payment_terms_days', 'erp_rank') }} as payment_terms_days,
        count(*) as accounts_counted,
        {{ first_known('credit_limit_amount', 'erp_rank') }} as credit_limit_amount,
        max(is_crm) = 1 as is_in_crm,
        max(is_erp) = 1 as is_in_erp,
        min(created_at) as created_at
    from members
    group by 1

)

select
    customers.customer_key,
    customers.owner_key,
    customers.name,
    customers.tax_id,
    customers.country_code,
    customers.region,
    customers.segment,
    customers.industry,
    people.name as owner_name,
    customers.currency_code,
    coalesce(customers.matched_by, 'alone') as matched_by,
    customers.payment_terms_days,
    customers.accounts_counted,
    customers.credit_limit_amount,
    customers.is_in_crm,
    customers.is_in_erp,
    customers.created_at
from customers
left join people on customers.owner_key = people.person_key
