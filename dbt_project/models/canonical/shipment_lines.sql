{{ staged('shipment_lines') }}
