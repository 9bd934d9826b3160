-- What a document of payment took off a customer's account. An invoice that its own reversal clears is no payment.
with

ledger_items as (

    select * from {{ ref('stg_s4hana__ledger_items') }}
    where payment_key is not null and not is_cancelled

),

company_codes as (

    select * from {{ raw('s4hana', 'company_codes') }}

),

renamed as (

    select
        items.source,
        items.payment_key,
        items.account_key,

        max(coalesce({{ none_text('company_codes.company_code_name') }}, items.company_code)) as company,
        max(items.currency_code) as currency_code,

        -sum(items.amount) as amount,

        min(items.posted_date) as paid_date
    from ledger_items as items
    left join company_codes
        on items.source = company_codes.source and items.company_code = company_codes.company_code
    group by 1, 2, 3
    having sum(items.amount) != 0

)

select * from renamed
