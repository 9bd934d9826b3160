-- Goods cost what their moves cost: those that the line names, else those of its order line. Freight stands on the
-- shipment as a cost, not on the line that charges it.
with

lines as (

    select
        *,
        {{ record_of('origin', 'sale.line') }} as sale_line,
        {{ record_of('origin', 'account.invoice.line') }} as credited_line
    from {{ raw('tryton', 'invoice_lines') }}
    where not is_deleted and type = 'line'

),

documents as (

    select * from {{ raw('tryton', 'invoices') }}
    where
        not is_deleted
        and state in ('posted', 'paid', 'cancelled')
        and number is not null
        and invoice_date is not null

),

moves as (

    select
        source,
        company_id,
        id,
        {{ record_of('origin', 'sale.line') }} as sale_line,
        quantity,
        case when to_location_type = 'customer' then 1 else -1 end * internal_quantity * cost_price as cost
    from {{ raw('tryton', 'stock_moves') }}
    where not is_deleted and state = 'done'

),

named_costs as (

    select
        named.source,
        named.company_id,
        named.invoice_line,
        {{ first_known('named.stock_move', 'named.stock_move') }} as stock_move,
        sum(moves.cost) as cost
    from {{ raw('tryton', 'invoice_line_moves') }} as named
    left join moves
        on named.source = moves.source and named.company_id = moves.company_id and named.stock_move = moves.id
    where not named.is_deleted
    group by 1, 2, 3

),

order_line_costs as (

    select
        source,
        company_id,
        sale_line,
        sum(abs(cost)) as cost,
        sum(quantity) as quantity
    from moves
    where sale_line is not null
    group by 1, 2, 3

),

carriers as (

    select distinct
        source,
        company_id,
        carrier_product
    from {{ raw('tryton', 'carriers') }}
    where not is_deleted

),

ordered_lines as (

    select * from {{ ref('stg_tryton__ordered_lines') }}

),

-- The invoice that an order line was invoiced with, where there was one alone.
invoiced_once as (

    select
        lines.source,
        lines.company_id,
        lines.sale_line,
        min(lines.invoice) as invoice
    from lines
    inner join documents
        on
            lines.source = documents.source
            and lines.company_id = documents.company_id
            and lines.invoice = documents.id
            and documents.total_amount >= 0
    where lines.sale_line is not null
    group by 1, 2, 3
    having min(lines.invoice) = max(lines.invoice)

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.company_id', 'lines.id') }} as invoice_line_key,
        {{ key('lines.source', 'lines.company_id', 'lines.invoice') }} as invoice_key,
        ordered_lines.order_key,
        ordered_lines.order_line_key,
        {{ key('lines.source', 'lines.company_id', 'named_costs.stock_move') }} as shipment_line_key,
        {{ key('lines.source', 'lines.company_id', 'lines.product') }} as product_key,
        {{ key('lines.source', 'lines.company_id', 'coalesce(credited.invoice, invoiced_once.invoice)') }}
            as corrects_invoice_key,

        coalesce(lines.sequence, lines.id) as sequence,
        lines.quantity,
        lines.amount as net_amount,
        case
            when carriers.carrier_product is not null then 0
            when named_costs.invoice_line is not null then named_costs.cost
            else cast(
                lines.quantity * {{ exact_ratio('order_line_costs.cost', 'order_line_costs.quantity') }}
                as decimal(18, 4)
            )
        end as cost_amount
    from lines
    inner join documents
        on
            lines.source = documents.source
            and lines.company_id = documents.company_id
            and lines.invoice = documents.id
    left join ordered_lines
        on
            lines.source = ordered_lines.source
            and lines.company_id = ordered_lines.company_id
            and lines.sale_line = ordered_lines.id
    left join named_costs
        on
            lines.source = named_costs.source
            and lines.company_id = named_costs.company_id
            and lines.id = named_costs.invoice_line
    left join order_line_costs
        on
            lines.source = order_line_costs.source
            and lines.company_id = order_line_costs.company_id
            and lines.sale_line = order_line_costs.sale_line
    left join carriers
        on
            lines.source = carriers.source
            and lines.company_id = carriers.company_id
            and lines.product = carriers.carrier_product
    left join lines as credited
        on
            lines.source = credited.source
            and lines.company_id = credited.company_id
            and lines.credited_line = credited.id
    left join invoiced_once
        on
            ordered_lines.is_return
            and lines.source = invoiced_once.source
            and lines.company_id = invoiced_once.company_id
            and ordered_lines.order_line_key
            = {{ key('invoiced_once.source', 'invoiced_once.company_id', 'invoiced_once.sale_line') }}

)

select * from renamed
