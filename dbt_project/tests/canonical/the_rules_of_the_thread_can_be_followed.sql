-- A rule nobody can follow would tie everything to everything, or nothing to anything, and look as if it were meant.
select
    link_method,
    confidence,
    amount_tolerance_percent,
    days_before,
    days_after
from {{ ref('thread_rules') }}
where
    confidence not between 0 and 1
    or amount_tolerance_percent not between 0 and 50
    or days_before < 0
    or days_after < 0
    or (
        link_method like '%amount_and_date'
        and (amount_tolerance_percent is null or days_before is null or days_after is null)
    )
