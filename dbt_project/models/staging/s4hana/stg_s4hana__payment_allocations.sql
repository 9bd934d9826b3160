-- A clearing says which items went together, not which paid which: debits and credits of one clearing are laid end to
-- end, credit memos first, and where two overlap the one settles the other. A part that is paid and not yet cleared
-- names its invoice; so does what a payment left open. What a clearing leaves uncovered was written off.
with

items as (

    select
        *,
        case when amount > 0 then coalesce(invoice_key, referenced_invoice_key) else invoice_key end
            as settled_invoice_key,
        case when payment_key is not null then 2 when invoice_key is not null then 1 else 3 end as place
    from {{ ref('stg_s4hana__ledger_items') }}
    where amount != 0 and not is_cancelled

),

laid as (

    select
        *,
        sum(abs(amount)) over (
            partition by clearing_key, amount > 0
            order by place, due_date, posted_date, ledger_item_key
            rows unbounded preceding
        ) as ends
    from items
    where clearing_key is not null

),

pairs as (

    select
        debits.source,
        debits.clearing_key,
        debits.ledger_item_key as debit_key,
        credits.ledger_item_key as credit_key,
        debits.settled_invoice_key as debit_invoice_key,
        debits.payment_key as debit_payment_key,
        credits.settled_invoice_key as credit_invoice_key,
        credits.payment_key as credit_payment_key,
        debits.currency_code,
        least(debits.ends, credits.ends)
        - greatest(debits.ends - debits.amount, credits.ends + credits.amount) as amount,
        greatest(debits.settled_date, credits.settled_date) as settled_date
    from laid as debits
    inner join laid as credits
        on
            debits.clearing_key = credits.clearing_key
            and debits.amount > 0
            and credits.amount < 0
            and debits.ends - debits.amount < credits.ends
            and debits.ends > credits.ends + credits.amount

),

uncovered as (

    select
        debits.source,
        debits.ledger_item_key,
        debits.settled_invoice_key,
        debits.currency_code,
        debits.amount - coalesce(sum(pairs.amount), 0) as amount,
        debits.settled_date
    from laid as debits
    left join pairs on debits.ledger_item_key = pairs.debit_key
    where debits.amount > 0 and debits.settled_invoice_key is not null
    group by
        debits.source,
        debits.ledger_item_key,
        debits.settled_invoice_key,
        debits.currency_code,
        debits.amount,
        debits.settled_date
    having debits.amount - coalesce(sum(pairs.amount), 0) > 0

),

renamed as (

    select
        source,
        debit_key || ':' || credit_key as allocation_key,
        credit_payment_key as payment_key,
        debit_invoice_key as invoice_key,

        case
            when credit_payment_key is not null then 'payment'
            when credit_invoice_key is not null then 'credit'
            else 'write_off'
        end as kind,
        currency_code,

        amount,

        settled_date as allocated_date
    from pairs
    where debit_invoice_key is not null

    union all

    select
        source,
        debit_key || ':' || credit_key || ':credit' as allocation_key,
        debit_payment_key as payment_key,
        credit_invoice_key as invoice_key,

        case when debit_payment_key is not null then 'payment' else 'credit' end as kind,
        currency_code,

        -amount as amount,

        settled_date as allocated_date
    from pairs
    where credit_invoice_key is not null

    union all

    select
        source,
        ledger_item_key || ':referenced' as allocation_key,
        payment_key,
        referenced_invoice_key as invoice_key,

        'payment' as kind,
        currency_code,

        -amount as amount,

        posted_date as allocated_date
    from items
    where
        payment_key is not null
        and referenced_invoice_key is not null
        and (clearing_key is null or amount > 0)

    union all

    select
        source,
        ledger_item_key || ':uncovered' as allocation_key,
        null as payment_key,
        settled_invoice_key as invoice_key,

        'write_off' as kind,
        currency_code,

        amount,

        settled_date as allocated_date
    from uncovered

)

select * from renamed
