select
    order_line_key,
    quantity_filled,
    quantity_due_on_first_promised,
    quantity_backlog
from {{ ref('order_line_promises') }}
where
    quantity_filled > quantity_due_on_first_promised
    or quantity_filled < 0
    or quantity_backlog < 0
    or quantity_backlog > greatest(quantity, 0)
    or (is_in_full_on_first_promised is null) <> (quantity_filled is null)
