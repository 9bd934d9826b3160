-- If this fails, money was sold, collected or written off that is in no balance, or the other way round.
select
    customer_key,
    month,
    opening_gross_amount + sales_gross_amount + credited_gross_amount + prepaid_gross_amount
    - collected_gross_amount - written_off_gross_amount - discounted_gross_amount - other_gross_amount
        as movements_lead_to,
    closing_gross_amount
from {{ ref('receivables_by_month') }}
where
    documents_without_rate = 0
    and (
        abs(
            opening_gross_amount + sales_gross_amount + credited_gross_amount + prepaid_gross_amount
            - collected_gross_amount - written_off_gross_amount - discounted_gross_amount - other_gross_amount
            - closing_gross_amount
        ) > 1
        or closing_gross_amount <> not_due_gross_amount + days_1_30_gross_amount + days_31_60_gross_amount
        + days_61_90_gross_amount + over_90_gross_amount + open_credit_gross_amount + unapplied_cash_gross_amount
    )
