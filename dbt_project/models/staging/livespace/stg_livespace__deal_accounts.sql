-- A deal has one company.
with

deals as (

    select * from {{ ref('stg_livespace__deals') }}

),

renamed as (

    select
        source,
        deal_key || ':account' as deal_account_key,
        deal_key,
        account_key,
        source_url,

        true as is_primary
    from deals
    where account_key is not null

)

select * from renamed
