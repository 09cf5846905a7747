"""Workbooks as clerks send them: looked at, parsed in a child process, read against a form's columns.

``budgets.workbooks.reading.read_form`` is the entry. What the child process imports (``child`` and below) knows no Django.
"""
