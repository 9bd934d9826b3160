-- The register of planned payments says when what is due; a row is about the sale that made it or that it names.
with

plans as (

    select * from {{ raw('one_c', 'payment_plans') }}
    where
        coalesce(active, true)
        and coalesce({{ none_text('record_type') }}, 'Receipt') = 'Receipt'
        and {{ none_date('data_planovogo_pogasheniya') }} is not null
        and not is_deleted

),

documents as (

    select * from {{ ref('stg_one_c__sales_documents') }}
    where document_kind = 'sale'

),

renamed as (

    select
        documents.source,
        documents.invoice_key,

        sum(plans.k_oplate) as amount,

        {{ none_date('plans.data_planovogo_pogasheniya') }} as due_date
    from plans
    inner join documents
        on
            plans.source = documents.source
            and (plans.recorder = documents.document_id or plans.dokument_plan = documents.document_id)
    group by documents.source, documents.invoice_key, plans.data_planovogo_pogasheniya

)

select * from renamed
