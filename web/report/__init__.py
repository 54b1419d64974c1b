"""The report to sign: its form, its sentences, drafts of it, the day's sheet, and the mail."""
