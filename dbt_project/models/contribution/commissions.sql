with

commission_rates as (

    select * from {{ ref('commission_rates') }}

),

companies as (

    select * from {{ ref('companies') }}

),

sold_lines as (

    select * from {{ ref('sold_lines') }}

),

document_costs as (

    select * from {{ ref('document_costs') }}

),

orders as (

    select * from {{ ref('orders') }}

),

accounts as (

    select * from {{ ref('accounts') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

-- Where the books have commissions, they count and not the rates.
booking_sources as (

    select source
    from {{ ref('deductions') }}
    where kind = 'commission' and posted_date <= {{ as_of() }}
    union distinct
    select source
    from document_costs
    where ladder_step = 'commission'

),

-- A rate is one person's, or a company's for all its other people; it holds until the next one.
held_rates as (

    select
        coalesce(person_key, '') as person_key,
        case when person_key is null then coalesce(company, '') else '' end as company,
        rate,
        basis,
        valid_from
    from commission_rates

),

rates as (

    select
        *,
        lead(valid_from) over (partition by person_key, company order by valid_from) as next_from
    from held_rates

),

general_rates as (

    select * from held_rates
    where person_key = ''

),

sources as (

    select distinct source from sold_lines

),

whose_rates as (

    {{ whose_facts('general_rates', 'sources') }}

),

basis_of_documents as (

    select
        invoice_key,
        order_key,
        max(source) as source,
        max(account_key) as account_key,
        max(currency_code) as currency_code,
        max(exchange_rate_source) as exchange_rate_source,
        max(source_url) as source_url,
        max(exchange_rate) as exchange_rate,
        sum(revenue_amount) as revenue_amount,
        sum(case when not is_cost_missing then revenue_amount - coalesce(cost_amount, 0) end) as margin_amount,
        max(posted_date) as posted_date,
        max(exchange_rate_date) as exchange_rate_date
    from sold_lines
    where not is_rate_missing and posted_date <= {{ as_of() }}
    group by 1, 2

),

costs_of_documents as (

    select
        invoice_key,
        order_key,
        sum(amount) as amount
    from document_costs
    where ladder_step = 'cost_of_goods' and invoice_key is not null and posted_date <= {{ as_of() }}
    group by 1, 2

),

owned as (

    select
        basis_of_documents.*,
        coalesce(basis_of_documents.margin_amount, 0) - coalesce(costs_of_documents.amount, 0) as known_margin_amount,
        whose_rates.company,
        coalesce(orders.owner_key, accounts.owner_key, customers.owner_key) as owner_key
    from basis_of_documents
    left join costs_of_documents
        on
            basis_of_documents.invoice_key = costs_of_documents.invoice_key
            and coalesce(basis_of_documents.order_key, '') = coalesce(costs_of_documents.order_key, '')
    left join booking_sources on basis_of_documents.source = booking_sources.source
    left join whose_rates on basis_of_documents.source = whose_rates.source
    left join orders on basis_of_documents.order_key = orders.order_key
    left join accounts on basis_of_documents.account_key = accounts.account_key
    left join account_matches on basis_of_documents.account_key = account_matches.account_key
    left join customers on account_matches.customer_key = customers.customer_key
    where booking_sources.source is null

),

rated as (

    select
        owned.*,
        case when own.person_key is not null then own.rate else general.rate end as rate,
        case when own.person_key is not null then own.basis else general.basis end as basis
    from owned
    left join rates as own
        on
            owned.owner_key = own.person_key
            and owned.posted_date >= own.valid_from
            and (owned.posted_date < own.next_from or own.next_from is null)
    left join rates as general
        on
            general.person_key = ''
            and owned.company = general.company
            and owned.posted_date >= general.valid_from
            and (owned.posted_date < general.next_from or general.next_from is null)

)

select
    'commission:' || invoice_key || coalesce(':' || order_key, '') as profitability_line_key,
    source,
    account_key,
    invoice_key,
    order_key,
    currency_code,
    exchange_rate_source,
    source_url,
    exchange_rate,
    cast(case when basis = 'cm1' then known_margin_amount else revenue_amount end * rate as decimal(18, 4)) as amount,
    posted_date,
    exchange_rate_date
from rated
where rate is not null
