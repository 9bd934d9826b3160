with

exchange_rates as (

    select * from {{ raw('ecb', 'exchange_rates') }}

),

renamed as (

    select
        source,
        {{ key('source', 'currency', 'time') }} as exchange_rate_key,

        'EUR' as currency_code,
        currency as quote_currency_code,
        'ECB' as rate_table,

        rate,
        1 as units,

        time as rate_date
    from exchange_rates
    where not is_deleted and rate > 0

)

select * from renamed
