-- If this fails, ageing as of a past day and the receivables of today are two figures under one name.
with

standing as (

    select
        invoice_key,
        sum(open_amount) as open_amount,
        sum(open_reporting_amount) as open_reporting_amount,
        min(case when open_amount > 0 then due_date end) as due_date
    from {{ ref('receivable_balances') }}
    where valid_to is null and kind <> 'cancelled' and invoice_key is not null
    group by 1

)

select
    coalesce(receivables.invoice_key, standing.invoice_key) as invoice_key,
    receivables.open_amount,
    standing.open_amount as standing_amount
from {{ ref('receivables') }} as receivables
full outer join standing on receivables.invoice_key = standing.invoice_key
where
    (receivables.open_amount is not null or standing.invoice_key is not null)
    and (
        receivables.invoice_key is null
        or receivables.open_amount <> coalesce(standing.open_amount, 0)
        or abs(receivables.open_reporting_amount - coalesce(standing.open_reporting_amount, 0)) > 0.05
        or (receivables.open_amount > 0 and receivables.due_date <> standing.due_date)
    )
