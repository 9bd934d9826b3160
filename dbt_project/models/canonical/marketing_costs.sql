{{ staged('marketing_costs') }}
