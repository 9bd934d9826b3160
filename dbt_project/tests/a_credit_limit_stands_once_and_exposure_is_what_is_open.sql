-- If this fails, a limit counts twice, or credit exposure is not made of the debts that receivables show.
with

owed as (

    select
        coalesce(currency_code, {{ reporting_currency() }}) as currency_code,
        sum(open_amount) as amount
    from {{ ref('receivable_balances') }}
    where valid_to is null and kind not in ('cancelled', 'prepayment', 'unapplied_cash')
    group by 1

),

exposed as (

    select
        currency_code,
        sum(open_invoices_amount + open_credit_amount) as amount
    from {{ ref('credit_exposure') }}
    group by 1

)

select
    owed.currency_code,
    owed.amount as owed_amount,
    exposed.amount as exposed_amount
from owed
left join exposed on owed.currency_code = exposed.currency_code
where owed.amount <> coalesce(exposed.amount, 0)
union all
select
    debtor_key,
    min(credit_limit_amount) as owed_amount,
    max(credit_limit_amount) as exposed_amount
from {{ ref('credit_exposure') }}
group by 1
having count(credit_limit_amount) > 1
