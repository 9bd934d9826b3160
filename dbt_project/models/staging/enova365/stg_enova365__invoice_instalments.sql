with

payments_due as (

    select * from {{ ref('stg_enova365__payments_due') }}

),

renamed as (

    select
        source,
        payment_due_key as invoice_instalment_key,
        invoice_key,

        amount,

        due_date
    from payments_due
    where due_date is not null
    qualify count(*) over (partition by invoice_key) > 1

)

select * from renamed
