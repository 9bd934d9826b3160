-- If this fails, the balances, the month, the days outstanding and the exposure show different debts of one day.
with

figures as (

    select
        'receivable_balances' as mart,
        coalesce(sum(open_reporting_amount), 0) as amount
    from {{ ref('receivable_balances') }}
    where valid_to is null and kind <> 'cancelled'
    union all
    select
        'receivables_by_month' as mart,
        coalesce(sum(closing_gross_amount), 0) as amount
    from {{ ref('receivables_by_month') }}
    where balance_date = {{ as_of() }}
    union all
    select
        'days_sales_outstanding' as mart,
        coalesce(sum(closing_gross_amount), 0) as amount
    from {{ ref('days_sales_outstanding') }}
    where balance_date = {{ as_of() }} and grouped_by = 'customer' and months = 1

)

select
    min(amount) as least_amount,
    max(amount) as most_amount
from figures
having max(amount) - min(amount) > 1
