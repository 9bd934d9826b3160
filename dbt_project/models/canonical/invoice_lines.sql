{{ staged('invoice_lines') }}
