with

currency_exchange_rates as (

    select * from {{ raw('business_central', 'currency_exchange_rates') }}

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

renamed as (

    select
        rates.source,
        {{ key(
            'rates.source', 'rates.company_id', 'rates.currency_code', 'rates.starting_date'
        ) }} as exchange_rate_key,

        rates.currency_code,
        coalesce({{ none_text('rates.relational_currency_code') }}, companies.local_currency_code)
            as quote_currency_code,
        'ERP' as rate_table,

        {{ exact_ratio('rates.relational_exchange_rate_amount', 'rates.exchange_rate_amount') }} as rate,
        1 as units,

        {{ none_date('rates.starting_date') }} as rate_date
    from currency_exchange_rates as rates
    left join companies on rates.source = companies.source and rates.company_id = companies.company_id
    where not rates.is_deleted and {{ none_date('rates.starting_date') }} is not null

)

select * from renamed
