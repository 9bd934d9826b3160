select
    source,
    system,
    state,
    rows_loaded,
    requests,
    seconds,
    message,
    loaded_at,
    data_as_of
from remembered.main.source_loads
