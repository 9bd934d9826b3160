with

contribution_ladder as (

    select * from {{ ref('contribution_ladder') }}

),

-- What was fed, and what the firm set: a step of neither is not known, and not nothing.
known as (

    select 'cost_of_goods' as step
    from {{ ref('sold_lines') }}
    where cost_amount is not null
    union distinct
    select ladder_step
    from {{ ref('document_costs') }}
    union distinct
    select ladder_step
    from {{ ref('posted_deductions') }}
    union distinct
    select 'cash_discount' as step
    from {{ ref('coverage') }}
    where entity = 'deductions' and is_fed
    union distinct
    select 'rebate' as step
    from {{ ref('rebate_agreements') }}
    union distinct
    select 'commission' as step
    from {{ ref('commission_rates') }}
    union distinct
    select 'credit_cost' as step
    from {{ ref('interest_rates') }}
    union distinct
    select 'cost_to_serve' as step
    from {{ ref('covered_months') }}

)

select
    contribution_ladder.step,
    contribution_ladder.reason,
    contribution_ladder.level,
    contribution_ladder.place,
    known.step is not null as is_known
from contribution_ladder
left join known on contribution_ladder.step = known.step
