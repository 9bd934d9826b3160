-- If this fails, a deal counts twice in a stage: a conversion may exceed 100 %.
select
    stage_conversion_key,
    deals_entered,
    deals_passed,
    deals_passed_later,
    deals_lost,
    deals_regressed,
    deals_open
from {{ ref('stage_conversion') }}
where
    deals_passed > deals_entered
    or deals_entered <> deals_passed + deals_passed_later + deals_lost + deals_regressed + deals_open
