-- A fully invoiced or cancelled order is deleted from the open orders: then its newest archived version tells the rest.
-- Where there is no archive, the order stays as it was last seen.
with

sales_orders as (

    select * from {{ raw('business_central', 'sales_orders') }}

),

archives as (

    select * from {{ raw('business_central', 'sales_order_archives') }}

),

newest_archives as (

    select
        *,
        row_number() over (
            partition by source, company_id, number order by doc_no_occurrence desc, version_number desc
        ) as age
    from archives

),

confirmations as (

    select
        source,
        company_id,
        number,
        doc_no_occurrence,
        min({{ none_date('date_archived') }}) as confirmed_date
    from archives
    group by 1, 2, 3, 4

),

last_seen as (

    select *
    from sales_orders
    qualify row_number() over (
        partition by source, company_id, number order by is_deleted asc, last_modified_date_time desc, id asc
    ) = 1

),

renamed as (

    select
        coalesce(last_seen.source, newest_archives.source) as source,
        coalesce(last_seen.company_id, newest_archives.company_id) as company_id,
        coalesce(last_seen.company_name, newest_archives.company_name) as company,
        coalesce(last_seen.number, newest_archives.number) as order_number,
        last_seen.id as document_id,
        newest_archives.doc_no_occurrence,
        newest_archives.version_number,

        case
            when not last_seen.is_deleted then 'current'
            when newest_archives.number is not null then 'archived'
            else 'last_seen'
        end as version_kind,

        confirmations.confirmed_date,
        {{ none_date('newest_archives.date_archived') }} as archived_date
    from last_seen
    full outer join newest_archives
        on
            last_seen.source = newest_archives.source
            and last_seen.company_id = newest_archives.company_id
            and last_seen.number = newest_archives.number
            and newest_archives.age = 1
    left join confirmations
        on
            newest_archives.source = confirmations.source
            and newest_archives.company_id = confirmations.company_id
            and newest_archives.number = confirmations.number
            and newest_archives.doc_no_occurrence = confirmations.doc_no_occurrence
    where coalesce(newest_archives.age, 1) = 1

)

select * from renamed
