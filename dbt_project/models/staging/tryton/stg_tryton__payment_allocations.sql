-- What names its invoice settles that one. The rest of a reconciliation is settled together: its debits and its credits
-- are laid end to end, the oldest first, and each overlap is an allocation. The day is that of the later entry: the
-- reconciliation's own date is the day the last of them is due.
with

entries as (

    select * from {{ ref('stg_tryton__ledger_entries') }}
    where amount != 0

),

named as (

    select *
    from entries
    where paid_invoice_key is not null

),

named_in_reconciliation as (

    select
        reconciliation_key,
        paid_invoice_key,
        sum(amount) as amount
    from named
    where reconciliation_key is not null
    group by 1, 2

),

items as (

    select
        entries.source,
        entries.reconciliation_key,
        entries.invoice_key as item_key,
        entries.invoice_key,
        cast(null as {{ dbt.type_string() }}) as payment_key,
        entries.currency_code,
        min(entries.posted_date) as posted_date,
        sum(entries.amount) + coalesce(max(settled.amount), 0) as amount
    from entries
    left join named_in_reconciliation as settled
        on
            entries.reconciliation_key = settled.reconciliation_key
            and entries.invoice_key = settled.paid_invoice_key
    where entries.reconciliation_key is not null and entries.invoice_key is not null
    group by 1, 2, 3, 4, 5, 6
    union all
    select
        source,
        reconciliation_key,
        entry_key || ':entry' as item_key,
        cast(null as {{ dbt.type_string() }}) as invoice_key,
        payment_key,
        currency_code,
        posted_date,
        amount
    from entries
    where reconciliation_key is not null and invoice_key is null and paid_invoice_key is null

),

laid as (

    select
        *,
        amount > 0 as is_debit,
        sum(abs(amount)) over (
            partition by reconciliation_key, amount > 0
            order by posted_date, item_key
            rows between unbounded preceding and current row
        ) as ends_at
    from items
    where amount != 0

),

pairs as (

    select
        debits.source,
        debits.item_key as debit_key,
        credits.item_key as credit_key,
        debits.invoice_key as debit_invoice_key,
        debits.payment_key as debit_payment_key,
        credits.invoice_key as credit_invoice_key,
        credits.payment_key as credit_payment_key,
        debits.currency_code,
        least(debits.ends_at, credits.ends_at)
        - greatest(debits.ends_at - abs(debits.amount), credits.ends_at - abs(credits.amount)) as amount,
        greatest(debits.posted_date, credits.posted_date) as allocated_date
    from laid as debits
    inner join laid as credits
        on
            debits.reconciliation_key = credits.reconciliation_key
            and debits.is_debit
            and not credits.is_debit
            and debits.ends_at - abs(debits.amount) < credits.ends_at
            and credits.ends_at - abs(credits.amount) < debits.ends_at

),

renamed as (

    select
        source,
        entry_key as allocation_key,
        payment_key,
        paid_invoice_key as invoice_key,

        case when payment_key is null then 'write_off' else 'payment' end as kind,
        currency_code,

        -amount as amount,

        posted_date as allocated_date
    from named

    union all

    select
        source,
        debit_key || ':by:' || credit_key as allocation_key,
        credit_payment_key as payment_key,
        debit_invoice_key as invoice_key,

        case
            when credit_payment_key is not null then 'payment'
            when credit_invoice_key is not null then 'credit'
            else 'write_off'
        end as kind,
        currency_code,

        amount,

        allocated_date
    from pairs
    where debit_invoice_key is not null

    union all

    select
        source,
        credit_key || ':by:' || debit_key as allocation_key,
        debit_payment_key as payment_key,
        credit_invoice_key as invoice_key,

        case
            when debit_payment_key is not null then 'payment'
            when debit_invoice_key is not null then 'credit'
            else 'write_off'
        end as kind,
        currency_code,

        -amount as amount,

        allocated_date
    from pairs
    where credit_invoice_key is not null

)

select * from renamed
