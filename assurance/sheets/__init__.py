"""Tables as files: CSV and XLSX, read strictly and written so that no spreadsheet runs them.

What reads here is also loaded by the process that reads (``child``): standard library and defusedxml, nothing of the platform.
"""
