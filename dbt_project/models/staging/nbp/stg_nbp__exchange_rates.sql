with

exchange_rates as (

    select * from {{ raw('nbp', 'exchange_rates') }}

),

renamed as (

    select
        source,
        {{ key('source', 'code', 'effective_date') }} as exchange_rate_key,

        code as currency_code,
        'PLN' as quote_currency_code,
        'NBP' as rate_table,

        mid as rate,
        1 as units,

        effective_date as rate_date
    from exchange_rates
    where not is_deleted and mid > 0

)

select * from renamed
