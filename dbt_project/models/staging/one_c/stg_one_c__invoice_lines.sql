-- The line names its order where the document is for several. Its own cost is empty or nothing: cost comes apart.
with

documents as (

    select * from {{ ref('stg_one_c__sales_documents') }}

),

lines as (

    select
        source,
        ref_key,
        section,
        line_number,
        nomenklatura_key,
        {{ none_text('zakaz_klienta') }} as order_reference,
        cast(null as {{ dbt.type_string() }}) as sale_reference,
        kolichestvo,
        summa,
        summa_nds
    from {{ raw('one_c', 'sale_lines') }}
    union all
    select
        source,
        ref_key,
        section,
        line_number,
        nomenklatura_key,
        cast(null as {{ dbt.type_string() }}) as order_reference,
        {{ none_text('dokument_realizatsii') }} as sale_reference,
        kolichestvo,
        summa,
        summa_nds
    from {{ raw('one_c', 'return_lines') }}

),

items as (

    select * from {{ raw('one_c', 'items') }}

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.ref_key', 'lines.section', 'trim(lines.line_number)') }} as invoice_line_key,
        documents.invoice_key,
        {{ key('lines.source', 'coalesce(lines.order_reference, documents.order_reference)') }} as order_key,
        {{ key('lines.source', none_text('lines.nomenklatura_key')) }} as product_key,
        {{ key('lines.source', 'coalesce(lines.sale_reference, documents.sale_reference)') }} as corrects_invoice_key,

        {{ one_c_is_service('items', 'lines') }} as is_service,

        documents.sign * lines.kolichestvo as quantity,
        documents.sign * {{ one_c_net('lines', 'documents') }} as net_amount,
        documents.sign * coalesce(lines.summa_nds, 0) as tax_amount
    from lines
    inner join documents on lines.source = documents.source and lines.ref_key = documents.document_id
    left join items on lines.source = items.source and lines.nomenklatura_key = items.ref_key

)

select * from renamed
