-- A line has one promised day, the present one. The first is what its history says it was before it was put off; where
-- no history is kept at all, nobody knows. XL keeps no quantity that was called off either: it is what a finished order
-- never got. An order of which no delivery names the lines says nothing of it, unless it was cancelled as a whole.
with

lines as (

    select
        *,
        {{ key('source', 'za_e_gid_numer', 'za_e_gid_lp') }} as order_line_key,
        {{ key('source', 'za_e_gid_numer') }} as order_key,
        {{ xl_net('za_e_wartosc_po_rabacie', 'za_e_flaga_nb', 'za_e_stawka_pod') }} as net_amount
    from {{ raw('comarch_xl', 'zam_elem') }}
    where not is_deleted

),

documents as (

    select * from {{ ref('stg_comarch_xl__order_documents') }}
    where role = 'order'

),

items as (

    select * from {{ raw('comarch_xl', 'twr_karty') }}

),

history as (

    select *
    from {{ raw('comarch_xl', 'zam_historia_zmian') }}
    where not is_deleted

),

first_promises as (

    select
        {{ key('source', 'zah_gid_numer', 'zah_gid_lp') }} as order_line_key,
        {{ first_known('zah_data_realizacji_przed', 'zah_czas_modyfikacji') }} as first_promised_date
    from history
    where zah_data_realizacji_przed is not null and zah_data_realizacji_przed != zah_data_realizacji_po
    group by 1

),

with_history as (

    select distinct source from history

),

delivered as (

    select
        issues.order_line_key,
        min(issues.order_key) as order_key,
        sum(issues.quantity) as quantity
    from {{ ref('stg_comarch_xl__issues') }} as issues
    inner join {{ ref('stg_comarch_xl__documents') }} as documents on issues.document_key = documents.document_key
    where issues.role = 'delivery' and issues.order_line_key is not null and not documents.is_cancelled
    group by 1

),

delivered_orders as (

    select distinct order_key from delivered

),

renamed as (

    select
        lines.source,
        lines.order_line_key,
        lines.order_key,
        case when lines.za_e_twr_numer > 0 then {{ key('lines.source', 'lines.za_e_twr_numer') }} end as product_key,

        case when coalesce(items.twr_typ, 1) in (1, 2) then 'goods' else 'service' end as kind,
        coalesce({{ none_text('items.twr_jm') }}, {{ none_text('lines.za_e_jm_z') }}) as unit_of_measure,

        lines.za_e_ilosc as quantity,
        case
            when
                documents.status = 'cancelled'
                or (documents.status = 'completed' and delivered_orders.order_key is not null)
                then greatest(lines.za_e_ilosc - coalesce(delivered.quantity, 0), 0)
            else 0
        end as quantity_cancelled,
        {{ exact_ratio('lines.net_amount', 'lines.za_e_ilosc') }} as unit_price,
        lines.net_amount,

        documents.requested_date,
        case
            when with_history.source is not null
                then coalesce(first_promises.first_promised_date, lines.za_e_data_potw_dst)
        end as first_promised_date,
        lines.za_e_data_potw_dst as promised_date
    from lines
    inner join documents on lines.order_key = documents.document_key
    left join items on lines.source = items.source and lines.za_e_twr_numer = items.twr_gid_numer
    left join with_history on lines.source = with_history.source
    left join first_promises on lines.order_line_key = first_promises.order_line_key
    left join delivered on lines.order_line_key = delivered.order_line_key
    left join delivered_orders on lines.order_key = delivered_orders.order_key

)

select * from renamed
