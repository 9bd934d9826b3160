{#- Which entities a system feeds, and the raw table each of them rests on. -#}
{% macro feeds() %}
    {% do return({
        'salesforce': {
            'accounts': 'accounts', 'people': 'users', 'campaigns': 'campaigns', 'marketing_costs': 'campaigns',
            'leads': 'leads', 'deals': 'opportunities', 'deal_accounts': 'opportunities',
            'deal_stages': 'opportunity_history', 'deal_lines': 'opportunity_line_items', 'quotes': 'quotes',
            'activities': 'tasks', 'tickets': 'cases', 'products': 'products',
        },
        'pipedrive': {
            'accounts': 'organizations', 'people': 'users', 'leads': 'leads', 'deals': 'deals',
            'deal_accounts': 'deals', 'deal_stages': 'deal_stages', 'deal_lines': 'deals',
            'activities': 'activities', 'products': 'products',
        },
        'hubspot': {
            'accounts': 'companies', 'people': 'owners', 'campaigns': 'campaigns', 'marketing_costs': 'campaigns',
            'leads': 'contacts', 'deals': 'deals', 'deal_accounts': 'deal_companies',
            'deal_stages': 'deal_stage_history', 'deal_lines': 'line_items', 'quotes': 'quotes',
            'activities': 'calls', 'tickets': 'tickets', 'products': 'products',
        },
        'livespace': {
            'accounts': 'companies', 'people': 'users', 'deals': 'deals', 'deal_accounts': 'deals',
            'deal_stages': 'deal_versions', 'products': 'products',
        },
        'business_central': {
            'accounts': 'customers', 'people': 'sales_orders', 'locations': 'locations', 'products': 'items',
            'orders': 'sales_orders', 'order_lines': 'sales_orders', 'order_events': 'posted_approval_entries',
            'shipments': 'sales_shipments', 'shipment_lines': 'sales_shipments', 'invoices': 'sales_invoices',
            'invoice_lines': 'sales_invoices', 'cost_entries': 'sales_value_entries',
            'deductions': 'customer_ledger_entries', 'payments': 'customer_ledger_entries',
            'payment_allocations': 'customer_ledger_entries', 'stock_levels': 'item_ledger_entries',
            'exchange_rates': 'currency_exchange_rates', 'ledger_totals': 'general_ledger_entries',
        },
        'comarch_xl': {
            'accounts': 'knt_karty', 'people': 'ope_karty', 'locations': 'magazyny', 'products': 'twr_karty',
            'orders': 'zam_nag', 'order_lines': 'zam_elem', 'order_events': 'zam_nag', 'quotes': 'zam_nag',
            'shipments': 'tra_nag', 'shipment_lines': 'tra_elem', 'invoices': 'tra_nag',
            'invoice_instalments': 'tra_plat', 'invoice_lines': 'tra_elem', 'cost_entries': 'tra_s_elem',
            'payments': 'zapisy', 'payment_allocations': 'rozliczenia', 'stock_levels': 'twr_zasoby',
        },
        'enova365': {
            'accounts': 'kontrahenci', 'people': 'operators', 'locations': 'magazyny', 'products': 'towary',
            'orders': 'dok_handlowe', 'order_lines': 'pozycje_dok_han', 'order_events': 'change_infos',
            'quotes': 'dok_handlowe', 'shipments': 'dok_handlowe', 'shipment_lines': 'pozycje_dok_han',
            'invoices': 'dok_handlowe', 'invoice_instalments': 'platnosci', 'invoice_lines': 'pozycje_dok_han',
            'cost_entries': 'obroty', 'payments': 'zaplaty', 'payment_allocations': 'rozliczenia_sp',
            'stock_levels': 'zasoby',
        },
        'tryton': {
            'accounts': 'parties', 'people': 'employees', 'locations': 'warehouses', 'products': 'products',
            'leads': 'opportunities', 'deals': 'opportunities', 'deal_accounts': 'opportunities',
            'deal_stages': 'opportunity_stages', 'deal_lines': 'opportunity_lines', 'quotes': 'sales',
            'tickets': 'complaints', 'orders': 'sales', 'order_lines': 'sale_lines', 'shipments': 'shipments',
            'shipment_lines': 'stock_moves', 'invoices': 'invoices', 'invoice_instalments': 'ledger_lines',
            'invoice_lines': 'invoice_lines', 'payments': 'ledger_lines', 'payment_allocations': 'ledger_lines',
            'ledger_totals': 'ledger_lines',
        },
        's4hana': {
            'accounts': 'customers', 'people': 'sales_order_partners', 'products': 'products', 'orders': 'sales_orders',
            'order_lines': 'sales_orders', 'shipments': 'deliveries', 'shipment_lines': 'deliveries',
            'invoices': 'billing_documents', 'invoice_lines': 'billing_documents',
            'invoice_instalments': 'journal_items', 'payments': 'journal_items',
            'payment_allocations': 'journal_items', 'stock_levels': 'stock',
        },
        'one_c': {
            'accounts': 'counterparties', 'people': 'users', 'products': 'items', 'orders': 'orders',
            'order_lines': 'orders', 'shipments': 'sales', 'shipment_lines': 'sales', 'invoices': 'sales',
            'invoice_lines': 'sales', 'invoice_instalments': 'payment_plans', 'cost_entries': 'sales_costs',
            'payments': 'bank_receipts', 'payment_allocations': 'bank_receipts', 'stock_levels': 'stock',
        },
        'nbp': {'exchange_rates': 'exchange_rates'},
        'cbr': {'exchange_rates': 'exchange_rates'},
        'ecb': {'exchange_rates': 'exchange_rates'},
        'files': {
            'accounts': 'accounts', 'people': 'people', 'campaigns': 'campaigns', 'marketing_costs': 'marketing_costs',
            'locations': 'locations', 'leads': 'leads', 'deals': 'deals', 'deal_accounts': 'deal_accounts',
            'deal_stages': 'deal_stages', 'deal_lines': 'deal_lines', 'quotes': 'quotes', 'activities': 'activities',
            'tickets': 'tickets', 'time_entries': 'time_entries', 'products': 'products', 'orders': 'orders',
            'order_lines': 'order_lines', 'order_events': 'order_events', 'shipments': 'shipments',
            'shipment_lines': 'shipment_lines', 'invoices': 'invoices', 'invoice_instalments': 'invoice_instalments',
            'invoice_lines': 'invoice_lines', 'cost_entries': 'cost_entries', 'deductions': 'deductions',
            'payments': 'payments', 'payment_allocations': 'payment_allocations', 'stock_levels': 'stock_levels',
            'exchange_rates': 'exchange_rates', 'ledger_totals': 'ledger_totals',
        },
    }) %}
{% endmacro %}


{#- The systems that are switched on; unset (lint, parse) it is all of them. -#}
{% macro systems() %}
    {% do return(env_var('SOURCES', feeds().keys() | join(' ')).split()) %}
{% endmacro %}
