{{ staged('deductions') }}
