-- The local currency is named nowhere: it is the currency of documents and customers that no exchange rate is kept for.
with

currencies as (

    select
        source,
        company_id,
        company_name,
        currency_code
    from {{ raw('business_central', 'sales_invoices') }}
    union all
    select
        source,
        company_id,
        company_name,
        currency_code
    from {{ raw('business_central', 'sales_orders') }}
    union all
    select
        source,
        company_id,
        company_name,
        currency_code
    from {{ raw('business_central', 'customers') }}

),

companies as (

    select
        source,
        company_id,
        max(company_name) as company_name
    from currencies
    group by 1, 2

),

rates as (

    select distinct
        source,
        company_id,
        currency_code
    from {{ raw('business_central', 'currency_exchange_rates') }}

),

counted as (

    select
        currencies.source,
        currencies.company_id,
        {{ none_text('currencies.currency_code') }} as currency_code,
        count(*) as times
    from currencies
    left join rates
        on
            currencies.source = rates.source
            and currencies.company_id = rates.company_id
            and currencies.currency_code = rates.currency_code
    where rates.currency_code is null and {{ none_text('currencies.currency_code') }} is not null
    group by 1, 2, 3

),

local as (

    select
        source,
        company_id,
        {{ first_known('currency_code', '-times') }} as local_currency_code
    from counted
    group by 1, 2

),

renamed as (

    select
        companies.source,
        companies.company_id,

        companies.company_name as company,
        coalesce(local.local_currency_code, {{ reporting_currency() }}) as local_currency_code
    from companies
    left join local on companies.source = local.source and companies.company_id = local.company_id

)

select * from renamed
