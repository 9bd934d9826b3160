{{ customer_months('cohort_month', 'sum(cohort_cm3_amount)') }}
