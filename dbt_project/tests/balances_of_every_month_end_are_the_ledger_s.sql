-- If this warns, what customers owed at a month's end differs from the ERP's own ledger: money was booked past the
-- documents, or a payment settles something twice.
{{ config(severity='warn') }}

with

ledger as (

    select
        source,
        period_month,
        least({{ dbt.last_day('period_month', 'month') }}, {{ as_of() }}) as balance_date,
        sum(amount) as amount
    from {{ ref('ledger_totals') }}
    where
        measure = 'receivables'
        and currency_code = {{ reporting_currency() }}
        and account_key is null
        and period_month <= {{ as_of() }}
    group by 1, 2, 3

)

select
    ledger.source,
    ledger.balance_date,
    ledger.amount as ledger_amount,
    sum(coalesce(balances.open_reporting_amount, 0)) as our_amount
from ledger
left join {{ ref('receivable_balances') }} as balances
    on
        ledger.source = balances.source
        and ledger.balance_date >= balances.valid_from
        and (balances.valid_to is null or ledger.balance_date < balances.valid_to)
group by 1, 2, 3
having abs(ledger.amount - sum(coalesce(balances.open_reporting_amount, 0))) > 1
