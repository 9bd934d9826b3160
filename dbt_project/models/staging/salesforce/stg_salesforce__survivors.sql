-- A merged account is deleted and names the account it went into, which may itself have been merged later.
with recursive

accounts as (

    select * from {{ raw('salesforce', 'accounts') }}

),

followed as (

    select
        source,
        id as account_id,
        {{ none_text('master_record_id') }} as survivor_id,
        1 as step
    from accounts
    where {{ none_text('master_record_id') }} is not null

    union all

    select
        followed.source,
        followed.account_id,
        {{ none_text('accounts.master_record_id') }} as survivor_id,
        followed.step + 1 as step
    from followed
    inner join accounts
        on followed.source = accounts.source and followed.survivor_id = accounts.id
    where {{ none_text('accounts.master_record_id') }} is not null and followed.step < 20

),

renamed as (

    select
        source,
        account_id,
        survivor_id
    from followed
    qualify row_number() over (partition by source, account_id order by step desc) = 1

)

select * from renamed
