-- No log of stages: two of them follow from the deal's own dates.
select
    opportunity_id || '-engaging' as deal_stage_id,
    opportunity_id as deal_id,
    'Engaging' as stage,
    'derived' as method,
    2 as stage_order,
    engage_date as entered_at,
    close_date as exited_at,
    _file,
    _line
from _pipeline
where engage_date is not null
union all
select
    opportunity_id || '-closed' as deal_stage_id,
    opportunity_id as deal_id,
    deal_stage as stage,
    'derived' as method,
    3 as stage_order,
    close_date as entered_at,
    null as exited_at,
    _file,
    _line
from _pipeline
where status in ('won', 'lost')
