{{ files_entity('order_events') }}
