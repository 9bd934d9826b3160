-- Discounts that customers took for paying early, as the customer ledger has them. What the discount takes off the tax
-- is no cost of ours: revenue is without it.
with

ledger_entries as (

    select * from {{ ref('stg_business_central__ledger_entries') }}

),

ledger_documents as (

    select * from {{ ref('stg_business_central__ledger_documents') }}

),

renamed as (

    select
        entries.source,
        {{ key('entries.source', 'entries.company_id', 'entries.dcle_entry_no') }} as deduction_key,
        documents.account_key,
        documents.invoice_key,

        entries.company,
        'cash_discount' as kind,
        entries.currency_code,

        -entries.amount as amount,

        entries.posted_date
    from ledger_entries as entries
    inner join ledger_documents as documents
        on
            entries.source = documents.source
            and entries.company_id = documents.company_id
            and entries.cle_entry_no = documents.cle_entry_no
    where
        entries.entry_type in ('Payment Discount', 'Payment Discount (VAT Excl.)')
        and documents.invoice_key is not null
        and entries.amount != 0

)

select * from renamed
