-- One record is a lead first and a deal once it is worth one: when it was, its revisions say. Where those could not be
-- read, its present state says only that it was.
with

opportunities as (

    select * from {{ raw('tryton', 'opportunities') }}

),

stages as (

    select
        source,
        company_id,
        deal_id,
        min(case when stage_name in ('opportunity', 'converted', 'won') then entered_at end) as deal_at,
        max(case when stage_name in ('won', 'lost', 'cancelled') then entered_at end) as ended_at
    from {{ raw('tryton', 'opportunity_stages') }}
    where not is_deleted
    group by 1, 2, 3

),

renamed as (

    select
        opportunities.source,
        opportunities.company_id,
        opportunities.id,

        stages.deal_at is not null
        or opportunities.state in ('opportunity', 'converted', 'won')
        or (stages.deal_id is null and opportunities.state != 'lead') as is_deal,

        case
            when {{ local_date('opportunities.create_date') }} = opportunities.start_date
                then opportunities.create_date
            else {{ start_of_local_day('opportunities.start_date') }}
        end as lead_at,
        stages.deal_at,
        case
            when opportunities.state in ('won', 'lost', 'cancelled')
                then coalesce(stages.ended_at, {{ start_of_local_day('opportunities.end_date') }})
        end as ended_at
    from opportunities
    left join stages
        on
            opportunities.source = stages.source
            and opportunities.company_id = stages.company_id
            and opportunities.id = stages.deal_id
    where not opportunities.is_deleted

)

select * from renamed
