{{ staged('stock_levels') }}
