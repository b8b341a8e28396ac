"""Who a report is written for: one module a reader, each makes a ``Report``."""
