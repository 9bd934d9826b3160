{{ staged('ledger_totals') }}
