{{ staged('orders') }}
