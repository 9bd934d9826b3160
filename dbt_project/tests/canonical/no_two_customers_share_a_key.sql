-- If this fails, two firms that were taken apart still count as one customer on every page.
select
    account_matches.customer_key,
    count(distinct account_clusters.cluster_key) as clusters_counted
from {{ ref('account_matches') }} as account_matches
inner join {{ ref('account_clusters') }} as account_clusters
    on account_matches.account_key = account_clusters.account_key
group by 1
having count(distinct account_clusters.cluster_key) > 1
