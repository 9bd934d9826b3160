-- The customer ledger: each document's and payment's first entry, with its amount in its own currency where the finance
-- API is there, and in local currency always.
with

customer_ledger_entries as (

    select * from {{ raw('business_central', 'customer_ledger_entries') }}

),

detailed_entries as (

    select * from {{ raw('business_central', 'detailed_customer_ledger_entries') }}

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

renamed as (

    select
        entries.source,
        entries.company_id,
        entries.cle_entry_no,
        entries.dcle_entry_no,
        entries.dcle_applied_cust_ledger_entry_no as applied_entry_no,
        {{ key('entries.source', 'entries.company_id', none_text('entries.dcle_customer_no')) }} as account_key,

        entries.company_name as company,
        {{ none_text('entries.dcle_entry_type') }} as entry_type,
        {{ none_text('entries.dcle_document_type') }} as document_type,
        entries.dcle_document_no as document_number,
        coalesce({{ none_text('detailed.currency_code') }}, companies.local_currency_code) as currency_code,

        coalesce(detailed.amount, entries.dcle_amount_lcy) as amount,
        entries.dcle_amount_lcy as local_amount,

        {{ none_date('entries.dcle_posting_date') }} as posted_date
    from customer_ledger_entries as entries
    left join detailed_entries as detailed
        on
            entries.source = detailed.source
            and entries.company_id = detailed.company_id
            and entries.dcle_entry_no = detailed.entry_number
    left join companies on entries.source = companies.source and entries.company_id = companies.company_id

)

select * from renamed
