with

entries as (

    select * from {{ ref('stg_tryton__ledger_entries') }}

),

renamed as (

    select
        source,
        payment_key,
        account_key,

        company,
        currency_code,

        -amount as amount,

        posted_date as paid_date
    from entries
    where payment_key is not null

)

select * from renamed
