-- The pipeline writes GTXPro where the product list has GTX Pro.
select
    opportunity_id,
    sales_agent,
    case product when 'GTXPro' then 'GTX Pro' else product end as product,
    account,
    deal_stage,
    case deal_stage when 'Won' then 'won' when 'Lost' then 'lost' else 'open' end as status,
    engage_date,
    close_date,
    close_value,
    _file,
    _line
from sales_pipeline
