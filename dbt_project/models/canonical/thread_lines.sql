with

document_lines as (

    select * from {{ ref('document_lines') }}

),

thread_rules as (

    select * from {{ ref('thread_rules') }}

),

-- Only a deal's own link to an order says which of its lines may have become which.
deal_orders as (

    select * from {{ ref('order_origins') }}
    where from_entity = 'deals'

),

naming as (

    select
        'order_lines' as from_entity,
        order_line_key as from_line_key,
        entity as to_entity,
        line_key as to_line_key,
        quantity
    from document_lines
    where entity in ('shipment_lines', 'invoice_lines')
    union all
    select
        'shipment_lines' as from_entity,
        shipment_line_key as from_line_key,
        entity as to_entity,
        line_key as to_line_key,
        quantity
    from document_lines
    where entity = 'invoice_lines'

),

stated as (

    select
        naming.*,
        'stated_line' as link_method,
        1 as link_confidence,
        false as is_guessed
    from naming
    inner join document_lines as named
        on naming.from_entity = named.entity and naming.from_line_key = named.line_key

),

steps as (

    select
        'order_lines' as from_entity,
        'shipment_lines' as to_entity
    union all
    select
        'order_lines' as from_entity,
        'invoice_lines' as to_entity
    union all
    select
        'shipment_lines' as from_entity,
        'invoice_lines' as to_entity

),

-- What came back is a book of its own, kept for orders of which something did.
signs as (

    select distinct
        order_key,
        -1 as sign
    from document_lines
    where quantity < 0 and order_key is not null
    union all
    select distinct
        order_key,
        1 as sign
    from document_lines
    where order_key is not null

),

named_quantities as (

    select
        from_entity,
        to_entity,
        from_line_key,
        sign(quantity) as sign,
        sum(abs(quantity)) as quantity
    from stated
    group by 1, 2, 3, 4

),

-- What lines name themselves is no longer free for lines that name nothing.
free as (

    select
        lines.entity as from_entity,
        steps.to_entity,
        lines.line_key,
        lines.document_key,
        lines.item_key,
        signs.sign,
        lines.happened_at,
        abs(lines.quantity) - coalesce(named_quantities.quantity, 0) as quantity
    from document_lines as lines
    inner join steps on lines.entity = steps.from_entity
    inner join signs on lines.order_key = signs.order_key
    left join named_quantities
        on
            steps.from_entity = named_quantities.from_entity
            and steps.to_entity = named_quantities.to_entity
            and lines.line_key = named_quantities.from_line_key
            and signs.sign = named_quantities.sign

),

earlier_of_item as (

    select
        from_entity,
        to_entity,
        line_key,
        document_key || ' ' || item_key as pool,
        sign,
        happened_at,
        quantity,
        1 as link_confidence
    from free
    where from_entity = 'order_lines'
    union all
    select
        'deal_lines' as from_entity,
        'order_lines' as to_entity,
        line_key,
        document_key || ' ' || item_key as pool,
        1 as sign,
        happened_at,
        quantity,
        1 as link_confidence
    from document_lines
    where entity = 'deal_lines'

),

-- Of an order that several deals claim, each has its share.
later_of_item as (

    select
        'deal_lines' as from_entity,
        lines.entity as to_entity,
        lines.line_key,
        deal_orders.from_key || ' ' || lines.item_key as pool,
        lines.happened_at,
        cast(floor(lines.quantity * deal_orders.share * 10000) / 10000 as decimal(18, 4)) as quantity,
        1 as sign,
        deal_orders.link_confidence * thread_rules.confidence as link_confidence,
        deal_orders.is_guessed
    from document_lines as lines
    inner join deal_orders on lines.document_key = deal_orders.order_key
    inner join thread_rules on thread_rules.link_method = 'same_item'
    where lines.entity = 'order_lines'
    union all
    select
        'order_lines' as from_entity,
        lines.entity as to_entity,
        lines.line_key,
        lines.order_key || ' ' || lines.item_key as pool,
        lines.happened_at,
        abs(lines.quantity) as quantity,
        sign(lines.quantity) as sign,
        thread_rules.confidence as link_confidence,
        false as is_guessed
    from document_lines as lines
    inner join thread_rules on thread_rules.link_method = 'same_item'
    left join stated on lines.line_key = stated.to_line_key and stated.from_entity = 'order_lines'
    where lines.entity in ('shipment_lines', 'invoice_lines') and stated.to_line_key is null

),

earlier_of_item_laid as (

    {{ laid_end_to_end('earlier_of_item') }}

),

later_of_item_laid as (

    {{ laid_end_to_end('later_of_item') }}

),

by_item as (

    {{ overlapping('earlier_of_item_laid', 'later_of_item_laid') }}

),

through_orders as (

    select
        from_entity,
        from_line_key,
        to_entity,
        to_line_key,
        link_method,
        quantity,
        link_confidence,
        is_guessed
    from stated
    union all
    select
        from_entity,
        from_line_key,
        to_entity,
        to_line_key,
        'same_item' as link_method,
        quantity,
        link_confidence,
        is_guessed
    from by_item

),

-- Shipments and invoices of one order line that do not name each other: what left first was invoiced first.
earlier_of_order as (

    select
        free.from_entity,
        free.to_entity,
        free.line_key,
        through_orders.from_line_key as pool,
        free.sign,
        free.happened_at,
        least(abs(through_orders.quantity), free.quantity) as quantity,
        through_orders.link_confidence
    from through_orders
    inner join free
        on
            through_orders.to_entity = free.from_entity
            and through_orders.to_line_key = free.line_key
            and sign(through_orders.quantity) = free.sign
    where through_orders.from_entity = 'order_lines' and through_orders.to_entity = 'shipment_lines'

),

later_of_order as (

    select
        'shipment_lines' as from_entity,
        through_orders.to_entity,
        through_orders.to_line_key as line_key,
        through_orders.from_line_key as pool,
        document_lines.happened_at,
        abs(through_orders.quantity) as quantity,
        sign(through_orders.quantity) as sign,
        through_orders.link_confidence * thread_rules.confidence as link_confidence,
        through_orders.is_guessed
    from through_orders
    inner join document_lines
        on through_orders.to_entity = document_lines.entity and through_orders.to_line_key = document_lines.line_key
    inner join thread_rules on thread_rules.link_method = 'same_order_line'
    left join stated on through_orders.to_line_key = stated.to_line_key and stated.from_entity = 'shipment_lines'
    where
        through_orders.from_entity = 'order_lines'
        and through_orders.to_entity = 'invoice_lines'
        and stated.to_line_key is null

),

earlier_of_order_laid as (

    {{ laid_end_to_end('earlier_of_order') }}

),

later_of_order_laid as (

    {{ laid_end_to_end('later_of_order') }}

),

by_order as (

    {{ overlapping('earlier_of_order_laid', 'later_of_order_laid') }}

),

links as (

    select * from through_orders
    union all
    select
        from_entity,
        from_line_key,
        to_entity,
        to_line_key,
        'same_order_line' as link_method,
        sum(quantity) as quantity,
        min(link_confidence) as link_confidence,
        false as is_guessed
    from by_order
    group by 1, 2, 3, 4

),

-- A link carries its part of the later line's amount; a shipment has none, so it carries the order line's.
measured as (

    select
        links.*,
        earlier.document_key as from_key,
        later.document_key as to_key,
        case when links.to_entity = 'shipment_lines' then earlier.line_key else later.line_key end as whole_key,
        case when links.to_entity = 'shipment_lines' then later.happened_at else earlier.happened_at end as happened_at,
        case when links.to_entity = 'shipment_lines' then earlier.quantity else later.quantity end as whole_quantity,
        case when links.to_entity = 'shipment_lines' then earlier.net_amount else later.net_amount end as whole_amount,
        case when links.to_entity = 'shipment_lines' then earlier.currency_code else later.currency_code end
            as currency_code
    from links
    inner join document_lines as earlier
        on links.from_entity = earlier.entity and links.from_line_key = earlier.line_key
    inner join document_lines as later on links.to_entity = later.entity and links.to_line_key = later.line_key

),

laid as (

    select
        *,
        sum(quantity) over one_whole as quantity_until_here,
        row_number() over one_whole as place
    from measured
    window one_whole as (
        partition by from_entity, to_entity, whole_key
        order by happened_at, from_line_key, to_line_key
        rows unbounded preceding
    )

),

-- Amounts are differences of running parts of the whole, never more than all of it: so they add up to the cent.
parts as (

    select
        *,
        case
            when coalesce(whole_quantity, 0) = 0 or quantity_until_here is null then 1
            else least(greatest(cast(quantity_until_here as double) / cast(whole_quantity as double), 0), 1)
        end as part_until_here,
        case
            when place = 1 then 0
            when coalesce(whole_quantity, 0) = 0 or quantity_until_here is null then 1
            else
                least(
                    greatest(cast(quantity_until_here - quantity as double) / cast(whole_quantity as double), 0), 1
                )
        end as part_before
    from laid

)

select
    from_entity || ' ' || from_line_key || ' ' || to_entity || ' ' || to_line_key as thread_line_key,
    from_key,
    from_line_key,
    to_key,
    to_line_key,
    from_entity,
    to_entity,
    link_method,
    currency_code,
    cast(link_confidence as decimal(5, 4)) as link_confidence,
    cast(quantity as decimal(18, 4)) as quantity,
    cast(
        cast(whole_amount * part_until_here as decimal(18, 4)) - cast(whole_amount * part_before as decimal(18, 4))
        as decimal(18, 4)
    ) as attributed_amount,
    is_guessed
from parts
