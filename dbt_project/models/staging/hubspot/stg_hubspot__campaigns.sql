with

campaigns as (

    select * from {{ raw('hubspot', 'campaigns') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as campaign_key,

        coalesce({{ none_text('hs_name') }}, id) as name,

        hs_start_date as started_date,
        hs_end_date as ended_date
    from campaigns

)

select * from renamed
