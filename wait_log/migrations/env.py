"""Run the migrations on the connection that `wait_log.schema` hands over."""

from alembic import context

from wait_log.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
