{{ staged('leads') }}
