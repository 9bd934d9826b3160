{{ files_entity('stock_levels') }}
