{{ customer_months('posted_month', 'sum(cm3_amount)') }}
