with

ledger_documents as (

    select * from {{ ref('stg_business_central__ledger_documents') }}

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
    from ledger_documents
    where payment_key is not null

)

select * from renamed
