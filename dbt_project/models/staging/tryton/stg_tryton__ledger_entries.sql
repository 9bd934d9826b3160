-- Entries on customers' accounts: an invoice's own, what was paid for one, what was written off. A payment for part of
-- an invoice names it; what is settled together has one reconciliation.
with

moves as (

    select * from {{ raw('tryton', 'ledger_moves') }}
    where not is_deleted and state = 'posted'

),

receivables as (

    select * from {{ raw('tryton', 'ledger_accounts') }}
    where type_receivable

),

invoices as (

    select
        source,
        company_id,
        id,
        move,
        false as is_reversal
    from {{ raw('tryton', 'invoices') }}
    where not is_deleted and move is not null
    union all
    select
        source,
        company_id,
        id,
        cancel_move as move,
        true as is_reversal
    from {{ raw('tryton', 'invoices') }}
    where not is_deleted and cancel_move is not null

),

payments as (

    select * from {{ raw('tryton', 'invoice_payments') }}
    where not is_deleted

),

entries as (

    select
        lines.source,
        lines.company_id,
        lines.id,
        lines.company_name,
        lines.company_currency,
        lines.party,
        lines.reconciliation,
        lines.maturity_date,
        {{ none_text('lines.second_currency_code') }} as second_currency_code,
        lines.amount_second_currency,
        lines.debit - lines.credit as local_amount,
        invoices.id as invoice,
        coalesce(invoices.is_reversal, false) as is_reversal,
        payments.invoice as paid_invoice,
        moves.date,
        invoices.id is null
        and (
            moves.journal_type in ('cash', 'statement')
            or moves.origin like 'account.payment%'
            or moves.origin like 'account.statement%'
            or (payments.invoice is not null and moves.journal_type != 'write-off')
        ) as is_payment
    from {{ raw('tryton', 'ledger_lines') }} as lines
    inner join receivables
        on
            lines.source = receivables.source
            and lines.company_id = receivables.company_id
            and lines.account = receivables.id
    inner join moves
        on lines.source = moves.source and lines.company_id = moves.company_id and lines.move = moves.id
    left join invoices
        on lines.source = invoices.source and lines.company_id = invoices.company_id and lines.move = invoices.move
    left join payments
        on lines.source = payments.source and lines.company_id = payments.company_id and lines.id = payments.line
    where not lines.is_deleted

),

renamed as (

    select
        source,
        {{ key('source', 'company_id', 'id') }} as entry_key,
        {{ key('source', 'company_id', 'invoice') }} as invoice_key,
        case when invoice is null then {{ key('source', 'company_id', 'paid_invoice') }} end as paid_invoice_key,
        case when is_payment then {{ key('source', 'company_id', 'id') }} end as payment_key,
        {{ key('source', 'company_id', 'party') }} as account_key,
        {{ key('source', 'company_id', 'reconciliation') }} as reconciliation_key,

        company_name as company,
        coalesce(second_currency_code, company_currency) as currency_code,

        case when second_currency_code is null then local_amount else amount_second_currency end as amount,
        local_amount,

        is_reversal,

        date as posted_date,
        maturity_date as due_date
    from entries

)

select * from renamed
