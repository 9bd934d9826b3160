-- The API has no salespeople: their codes stand on customers and documents.
with

codes as (

    select
        source,
        company_id,
        salesperson_code as code
    from {{ raw('business_central', 'customers') }}
    union
    select
        source,
        company_id,
        salesperson as code
    from {{ raw('business_central', 'sales_orders') }}
    union
    select
        source,
        company_id,
        salesperson_code as code
    from {{ raw('business_central', 'sales_order_archives') }}
    union
    select
        source,
        company_id,
        salesperson as code
    from {{ raw('business_central', 'sales_invoices') }}
    union
    select
        source,
        company_id,
        approver_id as code
    from {{ raw('business_central', 'approval_entries') }}
    union
    select
        source,
        company_id,
        approver_id as code
    from {{ raw('business_central', 'posted_approval_entries') }}

),

renamed as (

    select distinct
        source,
        {{ key('source', 'company_id', none_text('upper(code)')) }} as person_key,

        {{ none_text('upper(code)') }} as name
    from codes
    where {{ none_text('code') }} is not null

)

select * from renamed
