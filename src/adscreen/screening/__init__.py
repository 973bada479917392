"""What people see: the report."""

from adscreen.screening.report import Summary, write_report

__all__ = ["Summary", "write_report"]
