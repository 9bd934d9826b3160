-- A document that is due in parts has an item for each.
with

items as (

    select
        *,
        count(*) over (partition by invoice_key) as parts
    from {{ ref('stg_s4hana__ledger_items') }}
    where invoice_key is not null and due_date is not null

),

renamed as (

    select
        source,
        ledger_item_key as invoice_instalment_key,
        invoice_key,

        amount,

        due_date
    from items
    where parts > 1

)

select * from renamed
