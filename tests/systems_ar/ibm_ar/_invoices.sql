-- Days are month/day/year. Numbers of invoices keep their leading zeros.
select
    invoiceNumber as invoice_number,
    customerID as customer_id,
    cast(strptime(InvoiceDate, '%m/%d/%Y') as date) as issued_date,
    cast(strptime(DueDate, '%m/%d/%Y') as date) as due_date,
    cast(strptime(SettledDate, '%m/%d/%Y') as date) as settled_date,
    cast(InvoiceAmount as decimal(18, 2)) as amount,
    Disputed = 'Yes' as is_disputed,
    _file,
    _line
from "WA_Fn-UseC_-Accounts-Receivable"
