{{ files_entity('ledger_totals') }}
