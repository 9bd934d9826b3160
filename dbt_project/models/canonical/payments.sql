{{ staged('payments') }}
