-- One detailed entry pairs two ledger entries: its own, and the one that was applied to it. Each of the two that is a
-- document gets an allocation: what it says reduces what is open on that document, so a credit memo's is negative.
with

ledger_entries as (

    select * from {{ ref('stg_business_central__ledger_entries') }}

),

ledger_documents as (

    select * from {{ ref('stg_business_central__ledger_documents') }}

),

pairs as (

    select
        entries.source,
        entries.company_id,
        entries.dcle_entry_no,
        entries.currency_code,
        entries.amount,
        entries.posted_date,
        own.invoice_key as own_invoice_key,
        own.payment_key as own_payment_key,
        applied.invoice_key as applied_invoice_key,
        applied.payment_key as applied_payment_key
    from ledger_entries as entries
    inner join ledger_documents as own
        on
            entries.source = own.source
            and entries.company_id = own.company_id
            and entries.cle_entry_no = own.cle_entry_no
    inner join ledger_documents as applied
        on
            entries.source = applied.source
            and entries.company_id = applied.company_id
            and entries.applied_entry_no = applied.cle_entry_no
    where
        entries.entry_type = 'Application'
        and entries.cle_entry_no != entries.applied_entry_no
        and entries.amount != 0

),

-- What else closes a document: a discount, a small difference, rounding.
adjustments as (

    select
        entries.source,
        entries.company_id,
        entries.dcle_entry_no,
        documents.invoice_key,
        case
            when entries.entry_type like 'Payment Discount%' then 'discount'
            when entries.entry_type like 'Payment Tolerance%' then 'write_off'
            else 'exchange'
        end as kind,
        entries.currency_code,
        entries.amount,
        entries.posted_date
    from ledger_entries as entries
    inner join ledger_documents as documents
        on
            entries.source = documents.source
            and entries.company_id = documents.company_id
            and entries.cle_entry_no = documents.cle_entry_no
    where
        documents.invoice_key is not null
        and entries.amount != 0
        and (
            entries.entry_type like 'Payment Discount%'
            or entries.entry_type like 'Payment Tolerance%'
            or entries.entry_type in ('Appln. Rounding', 'Correction of Remaining Amount')
        )

),

renamed as (

    select
        source,
        {{ key('source', 'company_id', 'dcle_entry_no') }} as allocation_key,
        applied_payment_key as payment_key,
        own_invoice_key as invoice_key,

        case when applied_payment_key is null then 'credit' else 'payment' end as kind,
        currency_code,

        -amount as amount,

        posted_date as allocated_date
    from pairs
    where own_invoice_key is not null

    union all

    select
        source,
        {{ key('source', 'company_id', 'dcle_entry_no') }} || ':applied' as allocation_key,
        own_payment_key as payment_key,
        applied_invoice_key as invoice_key,

        case when own_payment_key is null then 'credit' else 'payment' end as kind,
        currency_code,

        amount,

        posted_date as allocated_date
    from pairs
    where applied_invoice_key is not null

    union all

    select
        source,
        {{ key('source', 'company_id', 'dcle_entry_no') }} as allocation_key,
        null as payment_key,
        invoice_key,

        kind,
        currency_code,

        -amount as amount,

        posted_date as allocated_date
    from adjustments

)

select * from renamed
