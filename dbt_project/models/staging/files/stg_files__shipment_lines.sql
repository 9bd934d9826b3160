{{ files_entity('shipment_lines') }}
