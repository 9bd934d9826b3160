-- Confirmed and accepted on the days the order says; changed whenever its history of lines says so.
with

documents as (

    select * from {{ ref('stg_comarch_xl__order_documents') }}
    where role = 'order'

),

changes as (

    select
        *,
        {{ key('source', 'zah_gid_numer') }} as order_key
    from {{ raw('comarch_xl', 'zam_historia_zmian') }}
    where
        not is_deleted
        and zah_czas_modyfikacji is not null
        and (
            zah_ilosc_przed != zah_ilosc_po
            or zah_cena_przed != zah_cena_po
            or zah_data_realizacji_przed != zah_data_realizacji_po
        )

),

events as (

    select
        source,
        document_key as order_key,
        cast(null as {{ dbt.type_string() }}) as order_line_key,
        cast(null as {{ dbt.type_string() }}) as person_key,
        'confirmed' as event,
        cast(0 as bigint) as event_number,
        {{ start_of_local_day('confirmed_date') }} as happened_at
    from documents
    where confirmed_date is not null

    union all

    select
        source,
        document_key as order_key,
        null as order_line_key,
        null as person_key,
        'approved' as event,
        0 as event_number,
        {{ start_of_local_day('accepted_date') }} as happened_at
    from documents
    where accepted_date is not null

    union all

    select
        changes.source,
        changes.order_key,
        case
            when changes.zah_gid_lp > 0
                then {{ key('changes.source', 'changes.zah_gid_numer', 'changes.zah_gid_lp') }}
        end as order_line_key,
        case when changes.zah_ope_numer > 0 then {{ key('changes.source', '128', 'changes.zah_ope_numer') }} end
            as person_key,
        'changed' as event,
        changes.zah_id as event_number,
        changes.zah_czas_modyfikacji as happened_at
    from changes
    inner join documents on changes.order_key = documents.document_key

),

renamed as (

    select
        source,
        {{ key('order_key', 'event', 'event_number') }} as order_event_key,
        order_key,
        order_line_key,
        person_key,

        event,
        'log' as method,

        happened_at
    from events

)

select * from renamed
