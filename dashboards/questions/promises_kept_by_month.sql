-- Of the orders due in each month, how many were in full and on time: by the day asked for, first promised, last promised?
select
    cast(date_trunc('month', first_promised_date) as date) as due_month,
    count(*) as orders_counted,
    count(*) filter (is_in_full_on_requested) as on_requested,
    count(*) filter (is_in_full_on_first_promised) as on_first_promised,
    count(*) filter (is_in_full_on_promised) as on_last_promised
from marts.order_cycle_time
where not is_cancelled and first_promised_date <= (select max(ordered_date) from marts.order_cycle_time)
group by due_month
order by due_month desc
