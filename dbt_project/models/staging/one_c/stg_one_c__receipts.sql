-- Money that came by bank or over the counter, of customers: each configuration has its own word for them.
with

receipts as (

    select
        source,
        ref_key,
        'bank' as way,
        date,
        posted,
        is_deleted,
        kontragent,
        organizatsiya_key,
        valyuta_key,
        khozyaystvennaya_operatsiya,
        summa_dokumenta
    from {{ raw('one_c', 'bank_receipts') }}
    union all
    select
        source,
        ref_key,
        'cash' as way,
        date,
        posted,
        is_deleted,
        kontragent,
        organizatsiya_key,
        valyuta_key,
        khozyaystvennaya_operatsiya,
        summa_dokumenta
    from {{ raw('one_c', 'cash_receipts') }}

),

renamed as (

    select
        source,
        ref_key as document_id,
        way,
        {{ key('source', 'ref_key') }} as payment_key,
        {{ key('source', none_text('kontragent')) }} as account_key,
        organizatsiya_key as organization_reference,
        valyuta_key as currency_reference,

        summa_dokumenta as amount,

        {{ local_date('date') }} as paid_date
    from receipts
    where
        posted
        and not is_deleted
        and coalesce({{ none_text('khozyaystvennaya_operatsiya') }}, 'ОплатаПокупателя') in (
            'ПоступлениеОплатыОтКлиента', 'ОплатаПокупателя', 'ОтПокупателя'
        )

)

select * from renamed
