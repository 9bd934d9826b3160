-- A customer is a role of a business partner, which has the name in full, the address and the tax numbers.
with

customers as (

    select * from {{ raw('s4hana', 'customers') }}

),

business_partners as (

    select
        source,
        business_partner,
        {{ unpadded('customer') }} as customer,
        business_partner_full_name,
        last_change_date
    from {{ raw('s4hana', 'business_partners') }}
    where {{ unpadded('customer') }} is not null and not is_deleted

),

addresses as (

    select *
    from {{ raw('s4hana', 'business_partner_addresses') }}
    where not is_deleted
    qualify row_number() over (partition by source, business_partner order by address_id) = 1

),

tax_numbers as (

    select
        source,
        business_partner,
        {{ first_known(
            'coalesce(' ~ none_text('bp_tax_number') ~ ', ' ~ none_text('bp_tax_long_number') ~ ')', 'bp_tax_type'
        ) }} as tax_number
    from {{ raw('s4hana', 'tax_numbers') }}
    where not is_deleted
    group by 1, 2

),

sales_areas as (

    select
        source,
        {{ unpadded('customer') }} as customer,
        {{ first_known(none_text('currency'), 'record_key') }} as currency_code,
        {{ first_known(none_text('customer_group'), 'record_key') }} as customer_group
    from {{ raw('s4hana', 'customer_sales_areas') }}
    where not is_deleted
    group by 1, 2

),

-- Who pays where another one ordered: the last billing document says it.
payers as (

    select
        source,
        {{ unpadded('sold_to_party') }} as customer,
        nullif({{ unpadded('payer_party') }}, {{ unpadded('sold_to_party') }}) as payer
    from {{ raw('s4hana', 'billing_documents') }}
    where not is_deleted
    qualify row_number() over (
        partition by source, {{ unpadded('sold_to_party') }} order by billing_document_date desc, billing_document desc
    ) = 1

),

renamed as (

    select
        customers.source,
        {{ key('customers.source', unpadded('customers.customer')) }} as account_key,
        {{ key('customers.source', 'payers.payer') }} as payer_account_key,
        {{ source_url(
            's4hana', "'#Customer-displayFactSheet?Customer=' || customers.customer", 'customers.source'
        ) }} as source_url,

        coalesce(
            {{ none_text('business_partners.business_partner_full_name') }},
            {{ none_text('customers.customer_name') }},
            customers.customer
        ) as name,
        coalesce(
            {{ none_text('customers.vat_registration') }},
            tax_numbers.tax_number,
            {{ none_text('customers.tax_number1') }}
        ) as tax_id,
        {{ country_code('addresses.country') }} as country_code,
        {{ none_text('addresses.region') }} as region,
        {{ none_text("concat_ws(' ', addresses.street_name, addresses.house_number)") }} as street,
        {{ none_text('addresses.postal_code') }} as postcode,
        {{ none_text('addresses.city_name') }} as city,
        sales_areas.customer_group as segment,
        sales_areas.currency_code,

        true as is_customer,
        false as is_supplier,
        (
            {{ none_text('customers.order_is_blocked_for_customer') }} is not null
            or {{ none_text('customers.delivery_is_blocked') }} is not null
        ) as is_blocked,

        {{ start_of_local_day(none_date('customers.creation_date')) }} as created_at,
        {{ start_of_local_day(none_date('business_partners.last_change_date')) }} as updated_at
    from customers
    left join business_partners
        on
            customers.source = business_partners.source
            and {{ unpadded('customers.customer') }} = business_partners.customer
    left join addresses
        on
            business_partners.source = addresses.source
            and business_partners.business_partner = addresses.business_partner
    left join tax_numbers
        on
            business_partners.source = tax_numbers.source
            and business_partners.business_partner = tax_numbers.business_partner
    left join sales_areas
        on
            customers.source = sales_areas.source
            and {{ unpadded('customers.customer') }} = sales_areas.customer
    left join payers
        on customers.source = payers.source and {{ unpadded('customers.customer') }} = payers.customer
    where not customers.is_deleted

)

select * from renamed
