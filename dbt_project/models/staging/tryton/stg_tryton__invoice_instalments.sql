-- An invoice that is due in parts has an entry on the customer's account for each.
with

entries as (

    select
        *,
        count(*) over (partition by invoice_key) as parts
    from {{ ref('stg_tryton__ledger_entries') }}
    where invoice_key is not null and due_date is not null and not is_reversal

),

renamed as (

    select
        source,
        entry_key as invoice_instalment_key,
        invoice_key,

        amount,

        due_date
    from entries
    where parts > 1

)

select * from renamed
