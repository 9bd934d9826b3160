-- Approvals as their entries tell them (posting an order moves its entries to the posted ones, under the number of the
-- document that was posted), confirmations and changed promises as the archive tells them.
with

documents as (

    select
        source,
        company_id,
        number,
        number as order_number
    from {{ raw('business_central', 'sales_orders') }}
    union
    select
        source,
        company_id,
        number,
        number as order_number
    from {{ raw('business_central', 'sales_order_archives') }}
    union
    select
        source,
        company_id,
        number,
        order_number
    from {{ raw('business_central', 'sales_shipments') }}
    union
    select
        source,
        company_id,
        number,
        order_number
    from {{ raw('business_central', 'sales_invoices') }}

),

archive_lines as (

    select * from {{ raw('business_central', 'sales_order_archive_lines') }}

),

entries as (

    select
        source,
        company_id,
        document_number,
        sender_id,
        approver_id,
        status,
        sequence_number,
        date_time_sent_for_approval,
        last_date_time_modified
    from {{ raw('business_central', 'approval_entries') }}
    where {{ none_text('document_type') }} = 'Order'
    union all
    select
        source,
        company_id,
        document_number,
        sender_id,
        approver_id,
        status,
        sequence_number,
        date_time_sent_for_approval,
        last_date_time_modified
    from {{ raw('business_central', 'posted_approval_entries') }}

),

approvals as (

    select distinct
        entries.source,
        entries.company_id,
        documents.order_number,
        {{ none_text('entries.status') }} as status,
        {{ none_text('upper(entries.sender_id)') }} as sender,
        {{ none_text('upper(entries.approver_id)') }} as approver,
        entries.sequence_number,
        entries.date_time_sent_for_approval as sent_at,
        entries.last_date_time_modified as decided_at
    from entries
    inner join documents
        on
            entries.source = documents.source
            and entries.company_id = documents.company_id
            and entries.document_number = documents.number
    where {{ none_text('documents.order_number') }} is not null

),

changed_versions as (

    select distinct
        later.source,
        later.company_id,
        later.document_number as order_number,
        later.doc_no_occurrence,
        later.version_number
    from archive_lines as later
    inner join archive_lines as earlier
        on
            later.source = earlier.source
            and later.company_id = earlier.company_id
            and later.document_number = earlier.document_number
            and later.doc_no_occurrence = earlier.doc_no_occurrence
            and later.version_number = earlier.version_number + 1
            and later.sequence = earlier.sequence
    where later.shipment_date != earlier.shipment_date

),

events as (

    select
        source,
        company_id,
        order_number,
        'submitted' as event,
        sender as person,
        sequence_number as event_number,
        sent_at as happened_at
    from approvals
    where year(sent_at) > 1900
    group by 1, 2, 3, 4, 5, 6, 7

    union all

    select
        source,
        company_id,
        order_number,
        lower(status) as event,
        approver as person,
        sequence_number as event_number,
        decided_at as happened_at
    from approvals
    where status in ('Approved', 'Rejected') and year(decided_at) > 1900

    union all

    select
        source,
        company_id,
        number as order_number,
        'confirmed' as event,
        {{ none_text('upper(salesperson_code)') }} as person, doc_no_occurrence as event_number,
        {{ start_of_local_day(none_date('date_archived')) }} as happened_at
    from {{ raw('business_central', 'sales_order_archives') }}
    where version_number = 1

    union all

    select
        archives.source,
        archives.company_id,
        archives.number as order_number,
        'changed' as event,
        {{ none_text('upper(archives.salesperson_code)') }} as person, archives.version_number as event_number,
        {{ start_of_local_day(none_date('archives.date_archived')) }} as happened_at
    from {{ raw('business_central', 'sales_order_archives') }} as archives
    inner join changed_versions
        on
            archives.source = changed_versions.source
            and archives.company_id = changed_versions.company_id
            and archives.number = changed_versions.order_number
            and archives.doc_no_occurrence = changed_versions.doc_no_occurrence
            and archives.version_number = changed_versions.version_number

),

renamed as (

    select
        source,
        {{ key(
            'source', 'company_id', 'order_number', 'event', 'event_number', "strftime(happened_at, '%Y%m%dT%H%M%S')"
        ) }}
            as order_event_key,
        {{ key('source', 'company_id', 'order_number') }} as order_key,
        {{ key('source', 'company_id', 'person') }} as person_key,

        event,
        'log' as method,

        happened_at
    from events
    where happened_at is not null

)

select * from renamed
