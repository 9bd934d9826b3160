with

customers as (

    select * from {{ raw('business_central', 'customers') }}

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

payment_terms as (

    select
        source,
        company_id,
        id,
        {{ days_of_formula('due_date_calculation') }} as payment_terms_days
    from {{ raw('business_central', 'payment_terms') }}

),

documents as (

    select
        source,
        company_id,
        customer_number,
        bill_to_customer_number,
        {{ none_date('order_date') }} as document_date
    from {{ raw('business_central', 'sales_orders') }}
    union all
    select
        source,
        company_id,
        sell_to_customer_number as customer_number,
        bill_to_customer_number,
        {{ none_date('order_date') }} as document_date
    from {{ raw('business_central', 'sales_order_archives') }}
    union all
    select
        source,
        company_id,
        customer_number,
        bill_to_customer_number,
        {{ none_date('posting_date') }} as document_date
    from {{ raw('business_central', 'sales_invoices') }}

),

-- Business Central does not say when a customer was made: the first document it is named on stands for it.
first_documents as (

    select
        source,
        company_id,
        customer_number,
        min(document_date) as first_date
    from documents
    group by 1, 2, 3

),

-- Nor whom its invoices go to: the last document says it.
payers as (

    select
        source,
        company_id,
        customer_number,
        nullif({{ none_text('bill_to_customer_number') }}, customer_number) as payer_number
    from documents
    where document_date is not null
    qualify row_number() over (
        partition by source, company_id, customer_number
        order by document_date desc, bill_to_customer_number desc
    ) = 1

),

renamed as (

    select
        customers.source,
        {{ key('customers.source', 'customers.company_id', 'customers.number') }} as account_key,
        {{ key(
            'customers.source', 'customers.company_id', none_text('upper(customers.salesperson_code)')
        ) }} as owner_key,
        {{ key('customers.source', 'customers.company_id', 'payers.payer_number') }} as payer_account_key,
        {{ source_url(
            'business_central',
            "'?page=21&filter=%27No.%27%20is%20%27' || customers.number || '%27'",
            'customers.source',
        ) }} as source_url,

        companies.company,
        coalesce({{ none_text('customers.display_name') }}, customers.number) as name,
        {{ none_text('customers.tax_registration_number') }} as tax_id,
        {{ country_code('customers.country') }} as country_code,
        {{ none_text('customers.state') }} as region,
        {{ website_domain(none_text('customers.website')) }} as website_domain,
        {{ email_domain('customers.email') }} as email_domain,
        {{ none_text('customers.phone_number') }} as phone,
        {{ none_text("concat_ws(' ', customers.address_line1, customers.address_line2)") }} as street,
        {{ none_text('customers.postal_code') }} as postcode,
        {{ none_text('customers.city') }} as city,
        coalesce({{ none_text('customers.currency_code') }}, companies.local_currency_code) as currency_code,

        nullif(customers.credit_limit, 0) as credit_limit_amount,
        payment_terms.payment_terms_days,

        true as is_customer,
        false as is_supplier,
        {{ none_text('customers.blocked') }} is not null as is_blocked,

        {{ start_of_local_day('first_documents.first_date') }} as created_at,
        customers.last_modified_date_time as updated_at
    from customers
    left join companies on customers.source = companies.source and customers.company_id = companies.company_id
    left join payment_terms
        on
            customers.source = payment_terms.source
            and customers.company_id = payment_terms.company_id
            and customers.payment_terms_id = payment_terms.id
    left join first_documents
        on
            customers.source = first_documents.source
            and customers.company_id = first_documents.company_id
            and customers.number = first_documents.customer_number
    left join payers
        on
            customers.source = payers.source
            and customers.company_id = payers.company_id
            and customers.number = payers.customer_number
    where not customers.is_deleted

)

select * from renamed
