with

payments_due as (

    select * from {{ ref('stg_comarch_xl__payments_due') }}

),

invoices as (

    select * from {{ ref('stg_comarch_xl__invoices') }}

),

renamed as (

    select
        payments_due.source,
        payments_due.payment_due_key as invoice_instalment_key,
        payments_due.invoice_key,

        payments_due.amount,

        payments_due.due_date
    from payments_due
    inner join invoices on payments_due.invoice_key = invoices.invoice_key
    where payments_due.due_date is not null
    qualify count(*) over (partition by payments_due.invoice_key) > 1

)

select * from renamed
