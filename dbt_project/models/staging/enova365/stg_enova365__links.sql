-- Which line was made from which, whatever the firm's way is: order, issue and invoice, or order, invoice and issue.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}

),

pairs as (

    select * from {{ raw('enova365', 'poz_rel_handlowej') }}
    where not is_deleted

),

relations as (

    select * from {{ raw('enova365', 'relacje_handlowe') }}
    where not is_deleted

),

renamed as (

    select
        pairs.source,
        {{ key('pairs.source', 'pairs.id') }} as link_key,
        {{ key('pairs.source', 'pairs.nadrzedny_dok', 'pairs.nadrzedna_ident') }} as upper_line_key,
        {{ key('pairs.source', 'pairs.podrzedny_dok', 'pairs.podrzedna_ident') }} as lower_line_key,
        uppers.document_key as upper_document_key,
        lowers.document_key as lower_document_key,

        pairs.id as link_id,
        uppers.role as upper_role,
        lowers.role as lower_role,

        pairs.ilosc_value as quantity,

        relations.typ = 1 as is_correction
    from pairs
    inner join relations on pairs.source = relations.source and pairs.relacja = relations.id
    inner join documents as uppers
        on pairs.source = uppers.source and pairs.nadrzedny_dok = uppers.document_id
    inner join documents as lowers
        on pairs.source = lowers.source and pairs.podrzedny_dok = lowers.document_id
    -- A line added by hand to a relation corrects nothing.
    where not (relations.typ = 1 and coalesce(pairs.dodatkowa, false))

)

select * from renamed
