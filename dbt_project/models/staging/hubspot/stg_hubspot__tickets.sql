with

tickets as (

    select * from {{ raw('hubspot', 'tickets') }}

),

associations as (

    select * from {{ ref('stg_hubspot__associations') }}
    where record_kind = 'ticket' and other_kind = 'companies' and place = 1

),

survivors as (

    select * from {{ ref('stg_hubspot__survivors') }}
    where kind = 'tickets'

),

renamed as (

    select
        tickets.source,
        {{ key('tickets.source', 'tickets.id') }} as ticket_key,
        {{ key('tickets.source', 'associations.other_id') }} as account_key,
        {{ source_url('hubspot', "'/record/0-5/' || tickets.id", 'tickets.source') }} as source_url,

        -- A ticket may be of several categories.
        case
            when
                regexp_matches(
                    lower(tickets.hs_ticket_category), '(^|;)(claim|complaint|product_issue|return|warranty)(;|$)'
                )
                then 'claim'
            else 'service'
        end as kind,
        {{ none_text('tickets.hs_ticket_category') }} as reason,
        {{ none_text('tickets.order_reference') }} as order_reference,
        {{ none_text('tickets.invoice_reference') }} as invoice_reference,

        coalesce(tickets.createdate, tickets.created_at) as opened_at,
        tickets.closed_date as closed_at
    from tickets
    left join associations
        on tickets.source = associations.source and tickets.id = associations.record_id
    left join survivors
        on tickets.source = survivors.source and tickets.id = survivors.merged_id
    where not tickets.is_deleted and survivors.merged_id is null

)

select * from renamed
