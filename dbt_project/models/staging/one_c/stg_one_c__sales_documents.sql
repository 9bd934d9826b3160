-- Sales and returns in one shape, without what is not posted. A return's amounts are positive: the sign is set here.
with

documents as (

    select
        source,
        ref_key,
        'sale' as document_kind,
        1 as sign,
        number,
        date,
        kontragent_key,
        organizatsiya_key,
        valyuta_key,
        sklad_key,
        tsena_vklyuchaet_nds,
        summa_dokumenta,
        {{ none_text('zakaz_klienta') }} as order_reference,
        cast(null as {{ dbt.type_string() }}) as sale_reference
    from {{ raw('one_c', 'sales') }}
    where posted and not is_deleted
    union all
    select
        source,
        ref_key,
        'return' as document_kind,
        -1 as sign,
        number,
        date,
        kontragent_key,
        organizatsiya_key,
        valyuta_key,
        sklad_key,
        tsena_vklyuchaet_nds,
        summa_dokumenta,
        cast(null as {{ dbt.type_string() }}) as order_reference,
        {{ none_text('dokument_realizatsii') }} as sale_reference
    from {{ raw('one_c', 'returns') }}
    where posted and not is_deleted

),

catalogs as (

    select * from {{ ref('stg_one_c__catalogs') }}

),

renamed as (

    select
        documents.source,
        documents.ref_key as document_id,
        {{ key('documents.source', 'documents.ref_key') }} as invoice_key,
        {{ key('documents.source', none_text('documents.kontragent_key')) }} as account_key,
        documents.order_reference,
        documents.sale_reference,

        organizations.name as company,
        documents.document_kind,
        coalesce({{ none_text('documents.number') }}, documents.ref_key) as invoice_number,
        warehouses.name as warehouse,
        currencies.name as currency_code,

        documents.sign,
        documents.sign * documents.summa_dokumenta as gross_amount,

        documents.tsena_vklyuchaet_nds,

        documents.date as documented_at
    from documents
    left join catalogs as organizations
        on documents.source = organizations.source and documents.organizatsiya_key = organizations.ref_key
    left join catalogs as currencies
        on documents.source = currencies.source and documents.valyuta_key = currencies.ref_key
    left join catalogs as warehouses
        on documents.source = warehouses.source and documents.sklad_key = warehouses.ref_key

)

select * from renamed
