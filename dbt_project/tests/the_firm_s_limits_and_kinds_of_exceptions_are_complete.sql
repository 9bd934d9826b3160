-- If this stops, a firm's own exception_kinds.csv or exception_limits.csv lacks a line, and exceptions would go by
-- without a severity, or not be found at all.
with

needed as (
    {% for code in exception_codes() %}
        select
            'exception_kinds.csv' as file,
            '{{ code }}' as name
        union all
    {%- endfor %}
    {% for limit in exception_limits() %}
        select
            'exception_limits.csv' as file,
            '{{ limit }}' as name
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

given as (

    select
        'exception_kinds.csv' as file,
        code as name
    from {{ ref('exception_kinds') }}
    union all
    select
        'exception_limits.csv' as file,
        name
    from {{ ref('exception_limits') }}

)

select
    needed.file,
    needed.name
from needed
left join given on needed.file = given.file and needed.name = given.name
where
    case
        when given.name is null
            then {{ stop_saying("needed.file || ' lacks a line for ' || needed.name || '.'") }} is null
    end
