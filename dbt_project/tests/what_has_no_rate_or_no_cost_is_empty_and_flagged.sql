-- If this fails, an amount without a rate was taken at 1, or goods without a cost as free: margins look better
-- than they are.
select
    profitability_line_key,
    exchange_rate,
    revenue_amount,
    cost_amount,
    cm1_amount
from {{ ref('profitability_lines') }}
where
    (line_kind = 'invoice_line' and is_rate_missing <> (revenue_amount is null))
    or (is_rate_missing and cm1_amount is not null)
    or (is_cost_missing and cm1_amount is not null)
    or (exchange_rate_source = 'none' and exchange_rate is not null)
