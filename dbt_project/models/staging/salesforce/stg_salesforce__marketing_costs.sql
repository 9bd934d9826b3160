-- Salesforce keeps one cost a campaign; it is put on the campaign's first day.
with

campaigns as (

    select * from {{ raw('salesforce', 'campaigns') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as marketing_cost_key,
        {{ key('source', 'id') }} as campaign_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Campaign/' || id || '/view'",
        ) }} as source_url,

        {{ channel('type') }} as channel,
        coalesce({{ none_text('currency_iso_code') }}, {{ reporting_currency() }}) as currency_code,

        actual_cost as amount,

        coalesce(start_date, end_date) as cost_date
    from campaigns
    where not is_deleted and actual_cost != 0 and coalesce(start_date, end_date) is not null

)

select * from renamed
