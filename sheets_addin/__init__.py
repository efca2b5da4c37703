"""Spreadsheets: one workbook model, written to .xlsx or to Google Sheets."""
