with

cases as (

    select * from {{ raw('salesforce', 'cases') }}

),

survivors as (

    select * from {{ ref('stg_salesforce__survivors') }}

),

renamed as (

    select
        cases.source,
        {{ key('cases.source', 'cases.id') }} as ticket_key,
        {{ key('cases.source', "coalesce(survivors.survivor_id, " ~ none_text('cases.account_id') ~ ")") }}
            as account_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Case/' || cases.id || '/view'",
            'cases.source',
        ) }} as source_url,

        case
            when lower(cases.type) in ('claim', 'complaint', 'problem', 'return', 'warranty') then 'claim'
            else 'service'
        end as kind,
        {{ none_text('cases.reason') }} as reason,
        {{ none_text('cases.order_reference') }} as order_reference,
        {{ none_text('cases.invoice_reference') }} as invoice_reference,

        cases.created_date as opened_at,
        cases.closed_date as closed_at
    from cases
    left join survivors
        on cases.source = survivors.source and cases.account_id = survivors.account_id
    where not cases.is_deleted

)

select * from renamed
