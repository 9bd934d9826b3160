{{ files_entity('invoice_instalments') }}
