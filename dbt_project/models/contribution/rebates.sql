with

rebate_agreements as (

    select * from {{ ref('rebate_agreements') }}

),

companies as (

    select * from {{ ref('companies') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where is_revenue and issued_date <= {{ as_of() }}

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

-- Each company of a group sorts its customers by segments of its own.
company_segments as (

    select
        customer_fields.customer_key,
        companies.company,
        customer_fields.value as segment,
        row_number() over (
            partition by customer_fields.customer_key, companies.company order by customer_fields.place
        ) as place
    from {{ ref('customer_fields') }} as customer_fields
    inner join companies on customer_fields.source = companies.source
    where customer_fields.field = 'segment'

),

account_segments as (

    select
        accounts.account_key,
        coalesce(accounts.segment, company_segments.segment, customers.segment) as segment
    from accounts
    left join account_matches on accounts.account_key = account_matches.account_key
    left join customers on account_matches.customer_key = customers.customer_key
    left join companies on accounts.source = companies.source
    left join company_segments
        on
            account_matches.customer_key = company_segments.customer_key
            and companies.company = company_segments.company
            and company_segments.place = 1

),

-- Where the books have a rebate of the account's year, it counts and not the agreement.
booked as (

    select
        posted.account_key,
        extract(year from coalesce(invoice_values.issued_date, posted.posted_date)) as booked_year
    from (
        select
            account_key,
            invoice_key,
            posted_date
        from {{ ref('posted_deductions') }}
        where ladder_step = 'rebate'
        union all
        select
            account_key,
            invoice_key,
            posted_date
        from {{ ref('document_costs') }}
        where ladder_step = 'rebate'
    ) as posted
    left join invoice_values on posted.invoice_key = invoice_values.invoice_key
    where posted.account_key is not null
    group by 1, 2

),

agreements as (

    select
        coalesce(account_key, 'segment ' || segment || coalesce(' of ' || company, '')) || ' '
        || cast(
            row_number() over (
                partition by account_key, segment, company order by valid_from, valid_to, threshold_amount, rate
            ) as {{ dbt.type_string() }}
        ) as agreement_key,
        *
    from rebate_agreements

),

own as (

    select
        invoice_values.invoice_key,
        invoice_values.account_key,
        agreements.agreement_key,
        agreements.rate,
        agreements.threshold_amount,
        invoice_values.net_reporting_amount
    from invoice_values
    inner join agreements
        on
            invoice_values.account_key = agreements.account_key
            and invoice_values.issued_date between agreements.valid_from and agreements.valid_to

),

of_segments as (

    select
        invoice_values.invoice_key,
        invoice_values.account_key,
        agreements.agreement_key,
        agreements.rate,
        agreements.threshold_amount,
        invoice_values.net_reporting_amount
    from invoice_values
    left join companies on invoice_values.source = companies.source
    inner join account_segments on invoice_values.account_key = account_segments.account_key
    inner join agreements
        on
            account_segments.segment = agreements.segment
            and agreements.account_key is null
            and (agreements.company is null or companies.company = agreements.company)
            and invoice_values.issued_date between agreements.valid_from and agreements.valid_to
    left join own on invoice_values.invoice_key = own.invoice_key
    where own.invoice_key is null

),

-- The rebate is owed on all that an agreement covers as soon as the customer has bought enough.
covered as (

    select
        *,
        sum(net_reporting_amount) over (partition by agreement_key, account_key) as covered_amount
    from (
        select * from own
        union all
        select * from of_segments
    ) as both_kinds

)

select
    'rebate:' || covered.agreement_key || ':' || covered.invoice_key as profitability_line_key,
    invoice_values.source,
    invoice_values.account_key,
    invoice_values.invoice_key,
    invoice_values.order_key,
    invoice_values.currency_code,
    invoice_values.exchange_rate_source,
    invoice_values.source_url,
    invoice_values.exchange_rate,
    cast(covered.net_reporting_amount * covered.rate as decimal(18, 4)) as amount,
    invoice_values.is_rate_missing,
    invoice_values.issued_date as posted_date,
    invoice_values.exchange_rate_date
from covered
inner join invoice_values on covered.invoice_key = invoice_values.invoice_key
left join booked
    on
        invoice_values.account_key = booked.account_key
        and extract(year from invoice_values.issued_date) = booked.booked_year
where
    booked.account_key is null
    and (covered.threshold_amount is null or covered.covered_amount >= covered.threshold_amount)
