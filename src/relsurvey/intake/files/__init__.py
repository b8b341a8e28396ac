"""Kinds of files: text, workbook, Parquet, SPSS and Stata, each read as a table of texts."""
