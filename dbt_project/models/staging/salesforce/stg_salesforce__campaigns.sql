with

campaigns as (

    select * from {{ raw('salesforce', 'campaigns') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as campaign_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Campaign/' || id || '/view'",
        ) }} as source_url,

        coalesce({{ none_text('name') }}, id) as name,
        {{ channel('type') }} as channel,

        start_date as started_date,
        end_date as ended_date
    from campaigns
    where not is_deleted

)

select * from renamed
