"""The store: tables, migrations, the one transaction, and the statistics of waits."""
