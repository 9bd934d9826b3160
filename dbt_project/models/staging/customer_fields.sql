-- Every account's word on every field of its customer, ranked by whose word counts: the field's master system first,
-- and among equals the account made first, so that the same accounts always give the same customer.
{{ config(materialized='table') }}

{# The field, what is kept of it, and the form it is compared in: a different spelling is no different word. #}
{% set fields = {
    'name': ('name', letters_and_digits('name')),
    'tax_id': ('valid_tax_id', 'valid_tax_id'),
    'country_code': ('country_code', 'upper(country_code)'),
    'region': ('region', letters_and_digits('region')),
    'website_domain': ('website_domain', 'lower(website_domain)'),
    'email_domain': ('email_domain', 'lower(email_domain)'),
    'phone': ('phone', 'coalesce(' ~ last_digits('phone', 9) ~ ', ' ~ letters_and_digits('phone') ~ ')'),
    'street': ('street', letters_and_digits('street')),
    'postcode': ('postcode', letters_and_digits('postcode')),
    'city': ('city', letters_and_digits('city')),
    'segment': ('segment', letters_and_digits('segment')),
    'industry': ('industry', letters_and_digits('industry')),
    'owner_key': ('owner_key', 'compared_owner'),
    'currency_code': ('currency_code', 'upper(currency_code)'),
    'payment_terms_days': ('payment_terms_days', 'payment_terms_days'),
    'credit_limit_amount': ('credit_limit_amount', 'credit_limit_amount'),
    'on_time_target': ('on_time_target', 'on_time_target'),
    'in_full_target': ('in_full_target', 'in_full_target'),
} %}

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

people as (

    select * from {{ ref('people') }}

),

customer_parents as (

    select * from {{ ref('customer_parents') }}

),

survivorship as (

    select * from {{ ref('survivorship') }}

),

kinds_of_source as (

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
        people.name as owner_name,
        account_fields.tax_id as valid_tax_id,
        -- A salesperson's code says nothing against a name: owners are compared where they are named.
        case when trim(people.name) like '% %' then {{ letters_and_digits('people.name') }} end as compared_owner
    from accounts
    inner join account_matches on accounts.account_key = account_matches.account_key
    left join account_fields on accounts.account_key = account_fields.account_key
    left join people on accounts.owner_key = people.person_key

),

said as (
    {% for field, (value, compared) in fields.items() %}
        select
            customer_key,
            account_key,
            '{{ field }}' as field,
            cast({{ value }} as {{ dbt.type_string() }}) as value,
            cast({{ 'owner_name' if field == 'owner_key' else value }} as {{ dbt.type_string() }}) as shown,
            cast({{ compared }} as {{ dbt.type_string() }}) as compared,
            0 as is_decided
        from members
        where {{ value }} is not null
        union all
    {% endfor %}
    select
        customer_key,
        account_key,
        field,
        related_customer_key as value,
        related_name as shown,
        related_customer_key as compared,
        is_decided
    from customer_parents

),

ranked as (

    select
        said.*,
        accounts.source,
        accounts.created_at,
        coalesce(accounts.updated_at, accounts.created_at) as changed_at,
        coalesce(kinds_of_source.is_crm, 0) as is_crm,
        coalesce(kinds_of_source.is_erp, 0) as is_erp,
        coalesce(survivorship.master, 'newest') as master,
        case survivorship.master
            when 'erp' then coalesce(kinds_of_source.is_erp, 0)
            when 'crm' then coalesce(kinds_of_source.is_crm, 0)
        end as is_masters
    from said
    inner join accounts on said.account_key = accounts.account_key
    left join kinds_of_source on accounts.source = kinds_of_source.source
    left join survivorship on said.field = survivorship.field

)

select
    customer_key,
    account_key,
    source,
    field,
    value,
    shown,
    compared,
    master,
    is_decided,
    is_masters,
    is_crm,
    is_erp,
    row_number() over (
        partition by customer_key, field
        order by
            is_decided desc,
            is_masters desc,
            case when master = 'newest' then changed_at end desc nulls last,
            created_at asc nulls last,
            account_key asc,
            compared asc
    ) as place,
    created_at,
    changed_at
from ranked
