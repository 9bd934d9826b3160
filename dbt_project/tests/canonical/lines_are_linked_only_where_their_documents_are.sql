-- The thread of the lines is the thread of the documents, seen closer: no pair of lines links documents that are not.
select distinct
    lines.from_entity,
    lines.from_key,
    lines.to_entity,
    lines.to_key
from {{ ref('thread_lines') }} as lines
left join {{ ref('thread') }} as thread
    on
        replace(lines.from_entity, '_lines', 's') = thread.from_entity
        and replace(lines.to_entity, '_lines', 's') = thread.to_entity
        and lines.from_key = thread.from_key
        and lines.to_key = thread.to_key
where thread.thread_key is null
