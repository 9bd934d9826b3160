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
        'pipedrive': [
            {'entity': 'accounts', 'table': 'organizations'},
            {'entity': 'deals', 'table': 'deals', 'amount': 'value'},
            {'entity': 'products', 'table': 'products'},
        ],
        'hubspot': [
            {'entity': 'accounts', 'table': 'companies'},
            {'entity': 'deals', 'table': 'deals', 'amount': 'amount'},
            {'entity': 'quotes', 'table': 'quotes', 'amount': 'hs_quote_amount'},
            {'entity': 'products', 'table': 'products'},
        ],
        'livespace': [
            {'entity': 'accounts', 'table': 'companies'},
            {'entity': 'deals', 'table': 'deals', 'amount': 'coalesce(nullif(value_final, 0), value)'},
            {'entity': 'products', 'table': 'products'},
        ],
        'business_central': [
            {'entity': 'accounts', 'table': 'customers'},
            {'entity': 'products', 'table': 'items'},
            {'entity': 'shipments', 'table': 'sales_shipments'},
            {'entity': 'invoices', 'table': 'sales_invoices', 'amount': 'total_amount_excluding_tax', 'where': posted},
            {'entity': 'invoices', 'table': 'sales_credit_memos', 'amount': '-total_amount_excluding_tax', 'where': posted},
            {'entity': 'cost_entries', 'table': 'sales_value_entries', 'amount': '-(' ~ value_entry_cost() ~ ')',
             'where': value_entry_cost() ~ ' <> 0'},
        ],
        's4hana': [
            {'entity': 'accounts', 'table': 'customers'},
            {'entity': 'products', 'table': 'products'},
            {'entity': 'orders', 'table': 'sales_orders'},
            {'entity': 'shipments', 'table': 'deliveries'},
            {'entity': 'invoices', 'table': 'billing_documents', 'where': is_billed('sd_document_category'),
             'amount': billing_sign('sd_document_category') ~ ' * total_net_amount'},
        ],
        's4hana': [
            {'entity': 'accounts', 'table': 'customers'},
            {'entity': 'products', 'table': 'products'},
            {'entity': 'orders', 'table': 'sales_orders'},
            {'entity': 'shipments', 'table': 'deliveries'},
            {'entity': 'invoices', 'table': 'billing_documents', 'where': is_billed('sd_document_category'),
             'amount': billing_sign('sd_document_category') ~ ' * total_net_amount'},
        ],
        'one_c': [
            {'entity': 'accounts', 'table': 'counterparties', 'where': 'not coalesce(is_folder, false)'},
            {'entity': 'products', 'table': 'items', 'where': 'not coalesce(is_folder, false)'},
            {'entity': 'orders', 'table': 'orders'},
            {'entity': 'invoices', 'table': 'sales', 'where': 'posted'},
            {'entity': 'invoices', 'table': 'returns', 'where': 'posted'},
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


{#-
    What a value entry of Business Central costs, negative for a sale as at the vendor. A charge that a purchase document
    lays on a shipment stands apart from the cost of its goods.
-#}
{% macro value_entry_cost(alias='') -%}
    {%- set prefix = alias ~ '.' if alias else '' -%}
    (
        {{ prefix }}cost_amount_actual
        + case
            when {{ is_charge_on_shipment(alias) }} then coalesce({{ prefix }}cost_amount_non_invtbl, 0) else 0
        end
    )
{%- endmacro %}


{% macro is_charge_on_shipment(alias='') -%}
    {%- set prefix = alias ~ '.' if alias else '' -%}
    coalesce({{ none_text(prefix ~ 'document_type') }} like 'Purchase%', false)
{%- endmacro %}
