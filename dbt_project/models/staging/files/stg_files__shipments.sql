{{ files_entity('shipments') }}
