-- Only an entry of bank or till is a receipt. 435 is a difference of exchange, 434 a debt of ours taken against theirs,
-- 4144 a note of the bookkeeper; two invoices settle each other. What is excluded from settling (TrP_Rozliczona 2) is
-- not paid, and nothing of it comes here.
with

settlements as (

    select * from {{ ref('stg_comarch_xl__settlements') }}
    where {{ xl_is_invoice('document_type', 'document_id') }} and settled_date is not null and amount != 0

),

payments_due as (

    select * from {{ ref('stg_comarch_xl__payments_due') }}

),

payments as (

    select * from {{ ref('stg_comarch_xl__payments') }}

),

renamed as (

    select
        settlements.source,
        settlements.settlement_side_key as allocation_key,
        payments.payment_key,
        payments_due.invoice_key,

        case
            when settlements.other_type = 784 then 'payment'
            when settlements.other_type = 435 then 'exchange'
            when settlements.other_type = 4144 then 'write_off'
            else 'credit'
        end as kind,
        settlements.currency_code,

        payments_due.sign * settlements.amount as amount,

        settlements.settled_date as allocated_date
    from settlements
    inner join payments_due
        on
            settlements.source = payments_due.source
            and settlements.document_type = payments_due.document_type
            and settlements.document_id = payments_due.document_id
            and settlements.document_part = payments_due.instalment_number
    left join payments
        on
            settlements.other_type = 784
            and {{ key('settlements.source', 'settlements.other_id') }} = payments.payment_key

)

select * from renamed
