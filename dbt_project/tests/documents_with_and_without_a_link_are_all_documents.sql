-- What the thread covers and what it does not are together what there is, in number and in money.
select *
from {{ ref('thread_coverage') }}
where
    linked_counted + orphans_counted <> documents_counted
    or stated_counted + guessed_counted <> linked_counted
    or linked_amount + orphan_amount <> amount
    or orphans_counted < 0
