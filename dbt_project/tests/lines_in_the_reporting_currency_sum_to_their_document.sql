-- If this fails, rounding of lines has changed what a document is worth, and no month agrees with the ledger to
-- the cent.
select
    profitability_lines.invoice_key,
    sum(profitability_lines.revenue_amount) as lines_amount,
    max(invoice_values.net_reporting_amount) as document_amount
from {{ ref('profitability_lines') }} as profitability_lines
inner join {{ ref('invoice_values') }} as invoice_values
    on profitability_lines.invoice_key = invoice_values.invoice_key
where profitability_lines.line_kind = 'invoice_line' and not invoice_values.is_rate_missing
group by 1
having sum(profitability_lines.revenue_amount) <> max(invoice_values.net_reporting_amount)
