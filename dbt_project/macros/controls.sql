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
        'comarch_xl': [
            {'entity': 'accounts', 'table': 'knt_karty'},
            {'entity': 'products', 'table': 'twr_karty'},
            {'entity': 'orders', 'table': 'zam_nag', 'where': 'za_n_zam_typ = 1280 and coalesce(za_n_rodzaj, 4) <> 8'},
            {'entity': 'shipments', 'table': 'tra_nag',
             'where': "tr_n_stan <> 6 and " ~ xl_document_word('tr_n_gid_typ', 0) ~ " in ('delivery', 'return')"},
            {'entity': 'invoices', 'table': 'tra_nag',
             'where': "tr_n_stan >= 3 and " ~ xl_is_invoice('tr_n_gid_typ', 'tr_n_gid_numer') ~ " and not ("
                ~ xl_document_word('tr_n_gid_typ', 0) ~ " = 'receipt' and "
                ~ xl_is_invoice('tr_n_spi_typ', 'tr_n_spi_numer') ~ ")"},
        ],
        'enova365': [
            {'entity': 'accounts', 'table': 'kontrahenci'},
            {'entity': 'products', 'table': 'towary'},
            {'entity': 'orders', 'table': 'dok_handlowe', 'where': 'kategoria = 302'},
            {'entity': 'quotes', 'table': 'dok_handlowe', 'where': 'kategoria = 306'},
            {'entity': 'shipments', 'table': 'dok_handlowe', 'where': 'kategoria in (104, 105) and stan <> 3'},
            {'entity': 'invoices', 'table': 'dok_handlowe',
             'where': 'kategoria in (2, 3) and stan <> 0 and not exists (select 1 from '
                ~ raw('enova365', 'def_dok_handlowych') ~ ' as kinds where kinds.source = dok_handlowe.source'
                ~ ' and kinds.id = dok_handlowe.definicja and kinds.duplikat_wartosci and not kinds.is_deleted)'},
        ],
        'tryton': [
            {'entity': 'products', 'table': 'products'},
            {'entity': 'leads', 'table': 'opportunities'},
            {'entity': 'invoices', 'table': 'invoices', 'amount': 'untaxed_amount',
             'where': "state in ('posted', 'paid', 'cancelled') and number is not null and invoice_date is not null"},
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
