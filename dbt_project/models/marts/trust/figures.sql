select
    figure,
    name,
    formula,
    term,
    place
from {{ ref('figures_list') }}
