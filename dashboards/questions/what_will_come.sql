-- What will come in by month: revenue, cash and value won, between which bounds, and what came a year before?
select
    figure,
    period_start,
    amount,
    low_amount,
    high_amount,
    naive_amount as a_year_before_amount
from marts.forecast
where grain = 'month' and component = 'total'
order by figure, period_start
