-- What the log of changes tells of an order. Put back into the buffer, an approved order is open to changes again.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role = 'order'

),

entries as (

    select * from {{ raw('enova365', 'change_infos') }}
    where type in (5, 6, 11) and time is not null and not is_deleted

),

renamed as (

    select
        entries.source,
        {{ key('entries.source', 'entries.id') }} as order_event_key,
        documents.document_key as order_key,
        case
            when entries.operator > 0 then {{ key('entries.source', "'operator'", 'entries.operator') }}
        end as person_key,

        case entries.type when 5 then 'approved' when 6 then 'changed' when 11 then 'cancelled' end as event,
        'log' as method,

        entries.time as happened_at
    from entries
    inner join documents
        on entries.source = documents.source and {{ none_text('entries.source_guid') }} = documents.document_guid

)

select * from renamed
