{{ config(pre_hook={'sql': keep_source_loads(), 'transaction': false}) }}

with

source_loads as (

    select * from remembered.main.source_loads

)

select
    source,
    system,
    state,
    rows_loaded,
    requests,
    cast(seconds as decimal(18, 1)) as seconds,
    message,
    loaded_at,
    data_as_of
from source_loads
