with

deals as (

    select * from {{ raw('livespace', 'deals') }}

),

companies as (

    select
        source,
        id
    from {{ raw('livespace', 'companies') }}
    where not is_deleted

),

stages as (

    select * from {{ raw('livespace', 'stages') }}

),

-- An account that types a deal's value in keeps it in one field, one that adds up its lines in the other; zero is none.
valued as (

    select
        *,
        coalesce(nullif(value_final, 0), value) as amount,
        probability / 100 as chance
    from deals

),

renamed as (

    select
        deals.source,
        {{ key('deals.source', 'deals.id') }} as deal_key,
        {{ key('deals.source', 'companies.id') }} as account_key,
        {{ key('deals.source', none_text('deals.owner_id')) }} as owner_key,
        {{ none_text('deals.url') }} as source_url,

        {{ none_text('deals.name') }} as name,
        case when deals.status in ('won', 'lost') then deals.status else 'open' end as status,
        coalesce({{ none_text('stages.process_name') }}, deals.process_id) as pipeline,
        coalesce({{ none_text('stages.name') }}, deals.stage_id) as stage,
        case
            when lower(deals.lost_reason_name) like 'dupli%' then 'duplicate'
            else {{ junk_reason('deals.name') }}
        end as excluded_reason,
        {{ channel('deals.source_name') }} as channel,
        -- A deal that was opened again may keep the reason it was lost for.
        case when deals.status = 'lost' then {{ none_text('deals.lost_reason_name') }} end as lost_reason,
        {{ none_text('deals.order_reference') }} as order_reference,
        coalesce({{ none_text('deals.currency') }}, {{ reporting_currency() }}) as currency_code,

        deals.amount,
        case when deals.status = 'open' then deals.amount * deals.chance end as expected_amount,
        deals.chance as probability,

        deals.date_end as expected_close_date,

        deals.created as created_at,
        case
            when deals.status in ('won', 'lost') then coalesce(deals.status_change_date, deals.modified)
        end as closed_at
    from valued as deals
    left join companies
        on deals.source = companies.source and deals.buyer_id = companies.id
    left join stages
        on deals.source = stages.source and deals.stage_id = stages.id
    where not deals.is_deleted

)

select * from renamed
