{{ staged('deal_stages') }}
