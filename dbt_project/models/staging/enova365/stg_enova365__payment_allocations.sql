-- Money that settles is a receipt; one payment due that settles another is a credit.
with

settlements as (

    select * from {{ ref('stg_enova365__settlements') }}

),

payments as (

    select * from {{ ref('stg_enova365__payments') }}

),

renamed as (

    select
        settlements.source,
        settlements.settlement_side_key as allocation_key,
        payments.payment_key,
        settlements.invoice_key,

        case when settlements.other_table = 'Zaplaty' then 'payment' else 'credit' end as kind,
        settlements.currency_code,

        settlements.amount,

        settlements.settled_date as allocated_date
    from settlements
    left join payments
        on
            settlements.other_table = 'Zaplaty'
            and {{ key('settlements.source', 'settlements.other_id') }} = payments.payment_key

)

select * from renamed
