-- Both channels' order lines under one set of names.
select
    'reseller' as channel,
    reseller.ResellerAlternateKey as account_id,
    sales.EmployeeKey as owner_id,
    sales.CustomerPONumber as customer_reference,
    sales.SalesOrderNumber as order_id,
    sales.SalesOrderNumber || '-' || sales.SalesOrderLineNumber as line_id,
    sales.ProductKey as product_id,
    sales.OrderQuantity as quantity,
    sales.UnitPrice as unit_price,
    currency.CurrencyAlternateKey as currency_code,
    cast(sales.DiscountAmount as decimal(18, 4)) as discount_amount,
    sales.SalesAmount as net_amount,
    sales.TaxAmt as tax_amount,
    sales.Freight as freight_amount,
    sales.TotalProductCost as cost_amount,
    sales.OrderDate as order_date,
    sales.DueDate as due_date,
    sales.ShipDate as ship_date,
    sales._file,
    sales._line
from FactResellerSales as sales
inner join DimReseller as reseller on sales.ResellerKey = reseller.ResellerKey
left join DimCurrency as currency on sales.CurrencyKey = currency.CurrencyKey
union all
select
    'internet' as channel,
    customer.CustomerAlternateKey as account_id,
    null as owner_id,
    sales.CustomerPONumber as customer_reference,
    sales.SalesOrderNumber as order_id,
    sales.SalesOrderNumber || '-' || sales.SalesOrderLineNumber as line_id,
    sales.ProductKey as product_id,
    sales.OrderQuantity as quantity,
    sales.UnitPrice as unit_price,
    currency.CurrencyAlternateKey as currency_code,
    cast(sales.DiscountAmount as decimal(18, 4)) as discount_amount,
    sales.SalesAmount as net_amount,
    sales.TaxAmt as tax_amount,
    sales.Freight as freight_amount,
    sales.TotalProductCost as cost_amount,
    sales.OrderDate as order_date,
    sales.DueDate as due_date,
    sales.ShipDate as ship_date,
    sales._file,
    sales._line
from FactInternetSales as sales
inner join DimCustomer as customer on sales.CustomerKey = customer.CustomerKey
left join DimCurrency as currency on sales.CurrencyKey = currency.CurrencyKey
