-- Who owed how much at the end of the last month but one, and how much of it was overdue then?
with

asked as (
    select cast(date_trunc('month', max(month)) - interval 1 month - interval 1 day as date) as day
    from marts.receivables_by_month
)

select
    customer_name,
    asked.day,
    sum(open_reporting_amount) as owed_amount,
    sum(open_reporting_amount) filter (due_date < asked.day) as overdue_amount
from marts.receivable_balances
cross join asked
where kind <> 'cancelled' and valid_from <= asked.day and (valid_to is null or valid_to > asked.day)
group by customer_name, asked.day
having sum(open_reporting_amount) <> 0
order by owed_amount desc, customer_name
limit 50
