{{ staged('invoice_instalments') }}
