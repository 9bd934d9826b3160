{{ staged('time_entries') }}
