-- A quote has one value. It is taken as net: it holds taxes only where somebody added them to the quote.
with

quotes as (

    select * from {{ raw('hubspot', 'quotes') }}

),

associations as (

    select * from {{ ref('stg_hubspot__associations') }}
    where record_kind = 'quote' and other_kind = 'deals' and place = 1

),

deal_accounts as (

    select * from {{ ref('stg_hubspot__deal_accounts') }}
    where is_primary

),

portals as (

    select
        source,
        min(company_currency) as currency_code
    from {{ raw('hubspot', 'account') }}
    group by 1

),

offered as (

    select
        quotes.*,
        {{ key('quotes.source', 'associations.other_id') }} as deal_key
    from quotes
    left join associations
        on quotes.source = associations.source and quotes.id = associations.record_id

),

renamed as (

    select
        quotes.source,
        {{ key('quotes.source', 'quotes.id') }} as quote_key,
        quotes.deal_key,
        deal_accounts.account_key,
        {{ source_url('hubspot', "'/record/0-14/' || quotes.id", 'quotes.source') }} as source_url,

        coalesce({{ none_text('quotes.hs_quote_number') }}, {{ none_text('quotes.hs_title') }}) as quote_number,
        {{ none_text('quotes.hs_status') }} as status,
        {{ none_text('quotes.order_reference') }} as order_reference,
        coalesce({{ none_text('quotes.hs_currency') }}, portals.currency_code, {{ reporting_currency() }})
            as currency_code,

        quotes.hs_quote_amount as net_amount,

        coalesce(quotes.hs_createdate, quotes.created_at) as created_at,
        coalesce(quotes.hs_accepted_date, quotes.hs_esign_date) as accepted_at
    from offered as quotes
    left join deal_accounts on quotes.deal_key = deal_accounts.deal_key
    left join portals on quotes.source = portals.source
    where not quotes.is_deleted

)

select * from renamed
