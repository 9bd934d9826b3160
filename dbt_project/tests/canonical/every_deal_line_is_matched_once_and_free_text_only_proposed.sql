-- An item stands on a line only where the line names a product; what its text seems to mean is a proposal.
select deal_lines.deal_line_key
from {{ ref('deal_lines') }} as deal_lines
full outer join {{ ref('deal_line_products') }} as matched on deal_lines.deal_line_key = matched.deal_line_key
where
    deal_lines.deal_line_key is null
    or matched.deal_line_key is null
    or (matched.item_key is not null and deal_lines.product_key is null)
    or (matched.item_key is not null and matched.proposed_item_key is not null)
