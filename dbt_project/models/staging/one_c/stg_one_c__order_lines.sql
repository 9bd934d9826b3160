with

lines as (

    select * from {{ raw('one_c', 'order_lines') }}

),

orders as (

    select * from {{ raw('one_c', 'orders') }}
    where not is_deleted

),

items as (

    select * from {{ raw('one_c', 'items') }}

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.ref_key', 'lines.section', 'trim(lines.line_number)') }} as order_line_key,
        {{ key('lines.source', 'lines.ref_key') }} as order_key,
        {{ key('lines.source', none_text('lines.nomenklatura_key')) }} as product_key,

        case when {{ one_c_is_service('items', 'lines') }} then 'service' else 'goods' end as kind,
        {{ none_text('lines.sklad_key') }} as warehouse_reference,

        cast(trim(lines.line_number) as integer) as sequence,
        coalesce(lines.kolichestvo, 0) as quantity,
        case when lines.otmeneno then coalesce(lines.kolichestvo, 0) else 0 end as quantity_cancelled,
        lines.tsena as unit_price,
        {{ one_c_net('lines', 'orders') }} as net_amount,

        {{ none_date('orders.zhelaemaya_data_otgruzki') }} as requested_date,
        case
            when orders.posted
                then coalesce({{ none_date('lines.data_otgruzki') }}, {{ none_date('orders.data_otgruzki') }})
        end as promised_date
    from lines
    inner join orders on lines.source = orders.source and lines.ref_key = orders.ref_key
    left join items on lines.source = items.source and lines.nomenklatura_key = items.ref_key

)

select * from renamed
