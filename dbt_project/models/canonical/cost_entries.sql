{{ staged('cost_entries') }}
