"""The comparison of plans as worksheets whose formulas stay live."""
