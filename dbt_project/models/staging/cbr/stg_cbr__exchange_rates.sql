with

exchange_rates as (

    select * from {{ raw('cbr', 'exchange_rates') }}

),

renamed as (

    select
        source,
        {{ key('source', 'char_code', 'date') }} as exchange_rate_key,

        char_code as currency_code,
        'RUB' as quote_currency_code,
        'CBR' as rate_table,

        value as rate,
        nominal as units,

        date as rate_date
    from exchange_rates
    where not is_deleted and value > 0

)

select * from renamed
