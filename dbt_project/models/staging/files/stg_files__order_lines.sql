{{ files_entity('order_lines') }}
