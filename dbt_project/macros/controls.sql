{#-
    What of a system's raw tables must reach canonical row by row and cent by cent: entity, raw table, which rows, which
    amount with which sign. Entities put together from several tables are compared where they are whole.
-#}
{% macro controls() %}
    {% set posted = "coalesce(" ~ none_text('status') ~ ", 'Draft') not in ('Draft', 'In Review')" %}
    {% set answer = {
        'salesforce': [
            {'entity': 'accounts', 'table': 'accounts'},
            {'entity': 'leads', 'table': 'leads'},
            {'entity': 'deals', 'table': 'opportunities', 'amount': 'amount'},
            {'entity': 'quotes', 'table': 'quotes', 'amount': 'total_price'},
        ],
        'business_central': [
            {'entity': 'accounts', 'table': 'customers'},
            {'entity': 'products', 'table': 'items'},
            {'entity': 'shipments', 'table': 'sales_shipments'},
            {'entity': 'invoices', 'table': 'sales_invoices', 'amount': 'total_amount_excluding_tax', 'where': posted},
            {'entity': 'invoices', 'table': 'sales_credit_memos', 'amount': '-total_amount_excluding_tax', 'where': posted},
            {'entity': 'cost_entries', 'table': 'sales_value_entries', 'amount': '-cost_amount_actual',
             'where': 'cost_amount_actual <> 0'},
        ],
        'nbp': [{'entity': 'exchange_rates', 'table': 'exchange_rates'}],
        'cbr': [{'entity': 'exchange_rates', 'table': 'exchange_rates'}],
        'ecb': [{'entity': 'exchange_rates', 'table': 'exchange_rates'}],
        'files': [],
    } %}
    {% set amounts = {'deals': 'amount', 'quotes': 'net_amount', 'invoices': 'net_amount', 'cost_entries': 'amount', 'payments': 'amount'} %}
    {% for entity in feeds()['files'] %}
        {% do answer['files'].append({'entity': entity, 'table': entity, 'amount': amounts.get(entity)}) %}
    {% endfor %}
    {% do return(answer) %}
{% endmacro %}
