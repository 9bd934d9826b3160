-- Who pays how late, against what was agreed?
select
    customer_name,
    agreed_terms_days,
    invoices_judged,
    invoices_late,
    median_days_late,
    p90_days_late,
    days_late_change
from marts.payment_behaviour
where not is_too_few
order by median_days_late desc nulls last, customer_key
limit 50
