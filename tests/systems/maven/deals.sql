-- A lost deal's close_value is always 0: what was lost is not known. A deal begins when an agent engages; what is
-- still prospecting has no date.
select
    opportunity_id as deal_id,
    account as account_id,
    sales_agent as owner_id,
    concat_ws(', ', product, account) as name,
    status,
    deal_stage as stage,
    case status when 'won' then close_value end as amount,
    engage_date as created_at,
    close_date as closed_at,
    _file,
    _line
from _pipeline
