select
    not_read_key,
    source,
    raw_table,
    reason,
    rows_kept
from {{ ref('tables_not_read') }}
