-- A merged record disappears; the record it went into names it, and may itself have been merged later.
with recursive

records as (

    select
        source,
        'companies' as kind,
        id,
        hs_merged_object_ids
    from {{ raw('hubspot', 'companies') }}
    union all
    select
        source,
        'contacts' as kind,
        id,
        hs_merged_object_ids
    from {{ raw('hubspot', 'contacts') }}
    union all
    select
        source,
        'deals' as kind,
        id,
        hs_merged_object_ids
    from {{ raw('hubspot', 'deals') }}
    union all
    select
        source,
        'tickets' as kind,
        id,
        hs_merged_object_ids
    from {{ raw('hubspot', 'tickets') }}

),

named as (

    select
        source,
        kind,
        id as survivor_id,
        {{ each_word('hs_merged_object_ids') }} as merged_id
    from records
    where {{ none_text('hs_merged_object_ids') }} is not null

),

merged as (

    select * from named
    where merged_id != '' and merged_id != survivor_id

),

followed as (

    select
        source,
        kind,
        merged_id,
        survivor_id,
        1 as step
    from merged

    union all

    select
        followed.source,
        followed.kind,
        followed.merged_id,
        merged.survivor_id,
        followed.step + 1 as step
    from followed
    inner join merged
        on
            followed.source = merged.source
            and followed.kind = merged.kind
            and followed.survivor_id = merged.merged_id
    where followed.step < 20

),

renamed as (

    select
        source,
        kind,
        merged_id,
        survivor_id
    from followed
    qualify row_number() over (partition by source, kind, merged_id order by step desc, survivor_id asc) = 1

)

select * from renamed
