{#- Every check of the reconciliation. Rows of it come and go with what is fed, its name stays. -#}
{% macro checks() %}
    {% do return([
        'raw_to_canonical_rows', 'raw_to_canonical_amount', 'canonical_to_mart_rows', 'canonical_to_mart_revenue',
        'canonical_to_mart_cost', 'lines_to_customers_revenue', 'deals_to_funnel_rows', 'orders_to_funnel_amount',
        'invoices_to_funnel_amount', 'invoiced_to_collected_and_open', 'invoiced_to_settled_and_open',
        'won_to_funnel_amount', 'won_to_ordered_and_explained', 'ledger_revenue', 'ledger_cost', 'ledger_cash',
        'ledger_receivables',
    ]) %}
{% endmacro %}


{#- Every kind of exception. -#}
{% macro exception_codes() %}
    {% do return([
        'missing_cost', 'missing_rate', 'lines_differ_from_document', 'tax_id_fails_checksum', 'junk_value',
        'quarantined_value', 'impossible_dates', 'swapped_dates', 'won_deal_without_order', 'order_without_deal',
        'invoice_without_order', 'guessed_link', 'amount_differs', 'double_entry', 'unknown_customer',
        'unmatched_account', 'proposed_match', 'duplicate_in_system', 'customer_value_conflict',
        'decision_names_unknown_account', 'duplicate_line', 'one_price_in_all_currencies',
    ]) %}
{% endmacro %}
