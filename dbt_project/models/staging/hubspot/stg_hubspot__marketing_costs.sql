-- HubSpot tells what was spent on a campaign in all; it is put on the campaign's first day.
with

campaigns as (

    select * from {{ raw('hubspot', 'campaigns') }}

),

portals as (

    select
        source,
        min(company_currency) as currency_code
    from {{ raw('hubspot', 'account') }}
    group by 1

),

renamed as (

    select
        campaigns.source,
        {{ key('campaigns.source', 'campaigns.id') }} as marketing_cost_key,
        {{ key('campaigns.source', 'campaigns.id') }} as campaign_key,

        coalesce({{ none_text('campaigns.hs_currency_code') }}, portals.currency_code, {{ reporting_currency() }})
            as currency_code,

        campaigns.hs_spend_items_sum_amount as amount,

        coalesce(campaigns.hs_start_date, campaigns.hs_end_date) as cost_date
    from campaigns
    left join portals on campaigns.source = portals.source
    where
        campaigns.hs_spend_items_sum_amount != 0
        and coalesce(campaigns.hs_start_date, campaigns.hs_end_date) is not null

)

select * from renamed
