"""The work engine's tables on PostgreSQL, as the library writes them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """PostgreSQL alone has them: an installation on SQLite works with the table `jobs`."""
    if op.get_bind().dialect.name != "postgresql":
        return
    from portal.engine.procrastinate import procrastinate_schema_sql

    op.execute(procrastinate_schema_sql())


def downgrade() -> None:
    """Take every object of the library back, whatever it is."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        """
        DO $$
        DECLARE name text;
        BEGIN
          FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
            AND tablename LIKE 'procrastinate_%' LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', name);
          END LOOP;
          FOR name IN SELECT oid::regprocedure::text FROM pg_proc
            WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate_%' LOOP
            EXECUTE 'DROP FUNCTION IF EXISTS ' || name || ' CASCADE';
          END LOOP;
          FOR name IN SELECT typname FROM pg_type
            WHERE typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate_%' AND typtype IN ('e', 'c')
            LOOP
            EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', name);
          END LOOP;
        END $$
        """
    )
