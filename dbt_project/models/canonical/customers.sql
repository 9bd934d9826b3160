-- Each field of a customer is what the account says whose word counts (`survivorship`); what other accounts say is kept
-- in `customer_values`.

with

customer_fields as (

    select * from {{ ref('customer_fields') }}

),

customer_groups as (

    select * from {{ ref('customer_groups') }}

),

accounts as (

    select * from {{ ref('accounts') }}

),

people as (

    select * from {{ ref('people') }}

),

members as (

    select
        customer_key,
        {{ first_known('rule', "case when rule != 'alone' then confidence end") }} as matched_by,
        count(*) as accounts_counted
    from {{ ref('account_matches') }}
    group by 1

),

customers as (

    select
        customer_key,
        {%- for field in [
            'owner_key', 'parent_customer_key', 'payer_customer_key', 'name', 'tax_id', 'country_code', 'region',
            'website_domain', 'email_domain', 'phone', 'street', 'postcode', 'city', 'segment', 'industry',
            'currency_code', 'payment_terms_days', 'credit_limit_amount', 'on_time_target', 'in_full_target',
        ] %}
            max(case when field = '{{ field }}' and place = 1 then value end) as {{ field }},
        {%- endfor %}
        max(case when field = 'credit_limit_amount' and place = 1 then account_key end) as credit_limit_account_key,
        max(is_crm) = 1 as is_in_crm,
        max(is_erp) = 1 as is_in_erp,
        min(created_at) as created_at,
        max(changed_at) as changed_at
    from customer_fields
    group by 1

)

select
    customers.customer_key,
    customers.owner_key,
    customers.parent_customer_key,
    customers.payer_customer_key,
    coalesce(customer_groups.group_key, customers.customer_key) as group_key,
    customers.name,
    coalesce(tops.name, customers.name) as group_name,
    customers.tax_id,
    customers.country_code,
    customers.region,
    customers.website_domain,
    customers.email_domain,
    customers.phone,
    customers.street,
    customers.postcode,
    customers.city,
    customers.segment,
    customers.industry,
    people.name as owner_name,
    customers.currency_code,
    limited.currency_code as credit_limit_currency_code,
    coalesce(members.matched_by, 'alone') as matched_by,
    cast(customers.payment_terms_days as integer) as payment_terms_days,
    members.accounts_counted,
    cast(customers.credit_limit_amount as decimal(18, 2)) as credit_limit_amount,
    cast(customers.on_time_target as decimal(9, 6)) as on_time_target,
    cast(customers.in_full_target as decimal(9, 6)) as in_full_target,
    customers.is_in_crm,
    customers.is_in_erp,
    customers.created_at,
    customers.changed_at
from customers
inner join members on customers.customer_key = members.customer_key
left join customer_groups on customers.customer_key = customer_groups.customer_key
left join customers as tops on customer_groups.group_key = tops.customer_key
left join accounts as limited on customers.credit_limit_account_key = limited.account_key
left join people on customers.owner_key = people.person_key
