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
        {{ key('opportunities.source', 'opportunities.company_id', 'opportunities.id') }} as lead_key,
        {{ key('opportunities.source', 'opportunities.company_id', 'opportunities.party') }} as account_key,
        {{ key('opportunities.source', 'opportunities.company_id', 'opportunities.employee') }} as owner_key,
        case
            when passages.is_deal
                then
                    {{ key(
                        'opportunities.source', 'opportunities.company_id', "'sale.opportunity,' || opportunities.id"
                    ) }}
        end as deal_key,
        {{ source_url('tryton', "'/model/sale.opportunity/' || opportunities.id", 'opportunities.source') }}
            as source_url,

        case
            when passages.is_deal then 'converted'
            when opportunities.state in ('lost', 'cancelled') then 'disqualified'
            else 'open'
        end as status,

        passages.lead_at as created_at,
        passages.deal_at as qualified_at,
        passages.deal_at as converted_at,
        case when not passages.is_deal then passages.ended_at end as disqualified_at
    from opportunities
    inner join passages
        on
            opportunities.source = passages.source
            and opportunities.company_id = passages.company_id
            and opportunities.id = passages.id

)

select * from renamed
