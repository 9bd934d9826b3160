{%- set families = [
    'values', 'figures', 'dates', 'links', 'amounts', 'matching', 'customers', 'double_orders', 'double_invoices',
    'prices', 'closed_months'
] -%}
with

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

exception_kinds as (

    select * from {{ ref('exception_kinds') }}

),

everything as (

    {% for family in families %}
        select
            code,
            entity,
            record_key,
            other_record_key,
            detail,
            source,
            account_key,
            owner_name,
            currency_code,
            parameters,
            source_url,
            other_source_url,
            amount,
            since_date
        from {{ ref('exceptions_of_' ~ family) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {% endfor %}

)

select
    everything.code || ':' || everything.entity || ':' || everything.record_key
    || coalesce(':' || everything.detail, '') as exception_key,
    everything.code,
    exception_kinds.severity,
    everything.entity,
    everything.record_key,
    everything.other_record_key,
    everything.source,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    coalesce(everything.owner_name, customers.owner_name) as owner_name,
    exception_kinds.owner_role,
    everything.currency_code,
    everything.parameters,
    everything.source_url,
    everything.other_source_url,
    cast(everything.amount as decimal(18, 2)) as amount,
    exception_kinds.priority,
    {{ days_between('everything.since_date', as_of()) }} as days_open,
    everything.since_date
from everything
left join exception_kinds on everything.code = exception_kinds.code
left join account_matches on everything.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
