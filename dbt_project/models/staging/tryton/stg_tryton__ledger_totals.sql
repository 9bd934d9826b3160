-- A balance holds in a month without movements too: receivables are summed up to every month the ledger has.
with

entries as (

    select
        lines.source,
        lines.company_id,
        lines.company_name,
        lines.company_currency,
        case when accounts.type_receivable then 'receivables' else 'revenue' end as measure,
        lines.debit - lines.credit as debit,
        {{ month_of('moves.date') }} as period_month
    from {{ raw('tryton', 'ledger_lines') }} as lines
    inner join {{ raw('tryton', 'ledger_accounts') }} as accounts
        on
            lines.source = accounts.source
            and lines.company_id = accounts.company_id
            and lines.account = accounts.id
    inner join {{ raw('tryton', 'ledger_moves') }} as moves
        on
            lines.source = moves.source
            and lines.company_id = moves.company_id
            and lines.move = moves.id
            and moves.state = 'posted'
            and not moves.is_deleted
    where not lines.is_deleted

),

months as (

    select distinct
        source,
        company_id,
        company_name,
        company_currency,
        period_month
    from entries

),

totals as (

    select
        source,
        company_id,
        company_name,
        company_currency,
        measure,
        period_month,
        sum(-debit) as amount
    from entries
    where measure = 'revenue'
    group by 1, 2, 3, 4, 5, 6
    union all
    select
        months.source,
        months.company_id,
        months.company_name,
        months.company_currency,
        entries.measure,
        months.period_month,
        sum(entries.debit) as amount
    from months
    inner join entries
        on
            months.source = entries.source
            and months.company_id = entries.company_id
            and months.period_month >= entries.period_month
            and entries.measure = 'receivables'
    group by 1, 2, 3, 4, 5, 6

),

renamed as (

    select
        source,
        {{ key('source', 'company_id', 'measure', 'period_month') }} as ledger_total_key,

        company_name as company,
        measure,
        company_currency as currency_code,

        amount,

        period_month
    from totals

)

select * from renamed
