with

receipts as (

    select * from {{ ref('stg_one_c__receipts') }}

),

catalogs as (

    select * from {{ ref('stg_one_c__catalogs') }}

),

renamed as (

    select
        receipts.source,
        receipts.payment_key,
        receipts.account_key,

        organizations.name as company,
        currencies.name as currency_code,

        receipts.amount,

        receipts.paid_date
    from receipts
    left join catalogs as organizations
        on receipts.source = organizations.source and receipts.organization_reference = organizations.ref_key
    left join catalogs as currencies
        on receipts.source = currencies.source and receipts.currency_reference = currencies.ref_key
    where receipts.amount != 0

)

select * from renamed
