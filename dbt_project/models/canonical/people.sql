{{ staged('people') }}
