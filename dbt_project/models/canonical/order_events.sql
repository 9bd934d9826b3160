{{ staged('order_events') }}
