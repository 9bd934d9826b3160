-- A deal is named as Tryton's own references name it: an order's origin then is the same word.
with

opportunities as (

    select * from {{ raw('tryton', 'opportunities') }}

),

passages as (

    select * from {{ ref('stg_tryton__passages') }}

),

renamed as (

    select
        opportunities.source,
        {{ key('opportunities.source', 'opportunities.company_id', "'sale.opportunity,' || opportunities.id") }}
            as deal_key,
        {{ key('opportunities.source', 'opportunities.company_id', 'opportunities.party') }} as account_key,
        {{ key('opportunities.source', 'opportunities.company_id', 'opportunities.id') }} as lead_key,
        {{ key('opportunities.source', 'opportunities.company_id', 'opportunities.employee') }} as owner_key,
        {{ source_url('tryton', "'/model/sale.opportunity/' || opportunities.id", 'opportunities.source') }}
            as source_url,

        coalesce({{ none_text('opportunities.description') }}, opportunities.number) as name,
        case opportunities.state
            when 'won' then 'won'
            when 'lost' then 'lost'
            when 'cancelled' then 'lost'
            else 'open'
        end as status,
        opportunities.state as stage,
        {{ junk_reason('opportunities.description') }} as excluded_reason,
        coalesce(
            {{ none_text('opportunities.lost_reason') }},
            case when opportunities.state = 'cancelled' then 'cancelled' end
        ) as lost_reason,
        coalesce({{ none_text('opportunities.currency_code') }}, opportunities.company_currency) as currency_code,

        opportunities.amount,
        opportunities.conversion_probability as probability,

        case when opportunities.state in ('lead', 'opportunity', 'converted') then opportunities.end_date end
            as expected_close_date,

        coalesce(passages.deal_at, passages.lead_at) as created_at,
        passages.ended_at as closed_at
    from opportunities
    inner join passages
        on
            opportunities.source = passages.source
            and opportunities.company_id = passages.company_id
            and opportunities.id = passages.id
    where passages.is_deal

)

select * from renamed
