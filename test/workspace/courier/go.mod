module shop/courier

go 1.22
