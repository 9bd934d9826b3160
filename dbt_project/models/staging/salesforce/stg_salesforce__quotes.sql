with

quotes as (

    select * from {{ raw('salesforce', 'quotes') }}

),

survivors as (

    select * from {{ ref('stg_salesforce__survivors') }}

),

renamed as (

    select
        quotes.source,
        {{ key('quotes.source', 'quotes.id') }} as quote_key,
        {{ key('quotes.source', none_text('quotes.opportunity_id')) }} as deal_key,
        {{ key('quotes.source', "coalesce(survivors.survivor_id, " ~ none_text('quotes.account_id') ~ ")") }}
            as account_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Quote/' || quotes.id || '/view'",
            'quotes.source',
        ) }} as source_url,

        {{ none_text('quotes.quote_number') }} as quote_number,
        {{ none_text('quotes.status') }} as status,
        {{ none_text('quotes.order_reference') }} as order_reference,
        coalesce({{ none_text('quotes.currency_iso_code') }}, {{ reporting_currency() }}) as currency_code,

        quotes.total_price as net_amount,
        quotes.grand_total as gross_amount,

        quotes.created_date as created_at
    from quotes
    left join survivors
        on quotes.source = survivors.source and quotes.account_id = survivors.account_id
    where not quotes.is_deleted

)

select * from renamed
