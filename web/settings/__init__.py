"""The page "Cấu hình": what a centre is, as forms, with every version it has had."""
