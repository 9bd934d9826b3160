-- What the thread covers and what it does not are together what there is, in number and in money.
select
    thread_coverage_key,
    documents_counted,
    linked_counted,
    stated_counted,
    guessed_counted,
    orphans_counted,
    amount,
    linked_amount,
    orphan_amount
from {{ ref('thread_coverage') }}
where
    linked_counted + orphans_counted <> documents_counted
    or stated_counted + guessed_counted <> linked_counted
    or linked_amount + orphan_amount <> amount
    or orphans_counted < 0
