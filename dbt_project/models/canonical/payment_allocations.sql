{{ staged('payment_allocations') }}
