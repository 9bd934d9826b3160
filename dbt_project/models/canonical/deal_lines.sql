{{ staged('deal_lines') }}
