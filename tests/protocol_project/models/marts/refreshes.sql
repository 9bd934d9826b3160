select
    refresh_id,
    outcome,
    failed_step,
    reason,
    exit_code,
    as_of,
    started_at,
    ended_at
from remembered.main.refreshes
