{{ staged('quotes') }}
