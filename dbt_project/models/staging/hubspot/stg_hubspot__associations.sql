-- Which record belongs to which company, contact or deal, the main one first; merged ones as what they went into.
-- A loop has the indentation of its own text, not of what it writes.
-- noqa: disable=LT02
{%- set pairs = {
    'companies': ['deal', 'lead', 'ticket', 'call', 'email', 'meeting', 'note', 'task'],
    'contacts': ['deal', 'lead'],
    'deals': ['line_item', 'quote', 'lead', 'call', 'email', 'meeting', 'note', 'task'],
} %}
with

told as (
    {% for other, kinds in pairs.items() %}
    {%- set outer_last = loop.last %}
    {%- for kind in kinds %}
    select
        source,
        '{{ kind }}' as record_kind,
        '{{ other }}' as other_kind,
        from_id as record_id,
        to_id as other_id,
        is_primary
    from {{ raw('hubspot', kind ~ '_' ~ other) }}
    where not is_deleted and to_id is not null
    {{ "union all" if not (loop.last and outer_last) }}
    {%- endfor %}
    {%- endfor %}

),

living as (
    {% for other in pairs %}
    select
        source,
        '{{ other }}' as kind,
        id
    from {{ raw('hubspot', other) }}
    where not is_deleted
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

survivors as (

    select * from {{ ref('stg_hubspot__survivors') }}

),

followed as (

    select
        told.source,
        told.record_kind,
        told.other_kind,
        told.record_id,
        coalesce(survivors.survivor_id, told.other_id) as other_id,
        max(case when told.is_primary then 1 else 0 end) as primaries
    from told
    left join survivors
        on told.source = survivors.source and told.other_kind = survivors.kind and told.other_id = survivors.merged_id
    group by 1, 2, 3, 4, 5

),

renamed as (

    select
        followed.source,
        followed.record_kind,
        followed.other_kind,
        followed.record_id,
        followed.other_id,
        -- Ids are numbers spelled as text: of two that are alike, the record that was there first.
        row_number() over (
            partition by followed.source, followed.record_kind, followed.other_kind, followed.record_id
            order by followed.primaries desc, length(followed.other_id) asc, followed.other_id asc
        ) as place
    from followed
    inner join living
        on
            followed.source = living.source
            and followed.other_kind = living.kind
            and followed.other_id = living.id

)

select * from renamed
