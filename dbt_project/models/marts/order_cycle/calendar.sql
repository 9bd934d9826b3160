select
    {{ dbt.concat(["country_code", "':'", "cast(day as " ~ dbt.type_string() ~ ")"]) }} as calendar_key,
    country_code,
    kind,
    cast(working_days as bigint) as working_days,
    is_working_day,
    day
from {{ ref('calendar_days') }}
