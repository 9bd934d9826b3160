-- One product a deal; how many were sold is not said.
select
    opportunity_id as deal_line_id,
    opportunity_id as deal_id,
    product as product_id,
    case status when 'won' then close_value end as net_amount,
    _file,
    _line
from _pipeline
