"""The files that are downloaded: a day's tickets, and the figures of a period."""

from web.export.day import csv_name, day_csv
from web.export.figures_csv import figures_csv, figures_name
from web.export.figures_xlsx import figures_xlsx

__all__ = ["csv_name", "day_csv", "figures_csv", "figures_name", "figures_xlsx"]
