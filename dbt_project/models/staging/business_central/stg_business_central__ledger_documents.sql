-- What a customer ledger entry stands for: an invoice, a credit memo, a payment or a refund.
with

first_entries as (

    select *
    from {{ ref('stg_business_central__ledger_entries') }}
    where entry_type = 'Initial Entry'

),

renamed as (

    select
        source,
        company_id,
        cle_entry_no,
        case document_type
            when 'Invoice' then {{ key('source', 'company_id', "'invoice'", 'document_number') }}
            when 'Credit Memo' then {{ key('source', 'company_id', "'credit_memo'", 'document_number') }}
        end as invoice_key,
        case
            when coalesce(document_type, 'Payment') not in ('Invoice', 'Credit Memo')
                then {{ key('source', 'company_id', 'cle_entry_no') }}
        end as payment_key,
        account_key,

        company,
        currency_code,

        amount,
        local_amount,

        posted_date
    from first_entries

)

select * from renamed
