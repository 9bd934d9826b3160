with

lines as (

    select * from {{ raw('comarch_xl', 'tra_elem') }}
    where not is_deleted

),

documents as (

    select * from {{ ref('stg_comarch_xl__documents') }}

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.tr_e_gid_numer', 'lines.tr_e_gid_lp') }} as line_key,
        documents.document_key,
        case when lines.tr_e_twr_numer > 0 then {{ key('lines.source', 'lines.tr_e_twr_numer') }} end as product_key,

        documents.role,
        lines.tr_e_gid_lp as line_number,

        lines.tr_e_ilosc as quantity,
        -- In the currency of the document; in the books' own money the books' own figure, which is without tax.
        case
            when documents.currency_code = {{ xl_local_currency() }} then lines.tr_e_ksiegowa_netto
            else {{ xl_net('lines.tr_e_wartosc_po_rabacie', 'lines.tr_e_flaga_nb', 'lines.tr_e_stawka_pod') }}
        end as net_amount,
        lines.tr_e_koszt_ksiegowy as local_cost_amount
    from lines
    inner join documents on {{ key('lines.source', 'lines.tr_e_gid_numer') }} = documents.document_key

)

select * from renamed
