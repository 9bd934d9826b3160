{{ staged('shipments') }}
