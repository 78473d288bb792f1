"""The trace is append-only: the database itself refuses to change or delete a row, save for its seal, set once.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT = ("id", "at", "person_id", "role", "what", "subject", "file", "from_state", "to_state", "reason")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in (*KEPT, "detail"))
        op.execute(
            f"""
            CREATE FUNCTION history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' OR OLD.seal IS NOT NULL OR {changed} THEN
                    RAISE EXCEPTION 'history is only added to';
                END IF;
                RETURN NEW;
            END $$
            """
        )
        op.execute(
            "CREATE TRIGGER history_is_kept BEFORE UPDATE OR DELETE ON history "
            "FOR EACH ROW EXECUTE FUNCTION history_is_kept()"
        )
    else:
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in (*KEPT, "detail"))
        op.execute(
            f"CREATE TRIGGER history_is_kept_on_update BEFORE UPDATE ON history WHEN OLD.seal IS NOT NULL OR {changed} "
            "BEGIN SELECT RAISE(ABORT, 'history is only added to'); END"
        )
        op.execute(
            "CREATE TRIGGER history_is_kept_on_delete BEFORE DELETE ON history "
            "BEGIN SELECT RAISE(ABORT, 'history is only added to'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_is_kept ON history")
        op.execute("DROP FUNCTION history_is_kept()")
    else:
        op.execute("DROP TRIGGER history_is_kept_on_update")
        op.execute("DROP TRIGGER history_is_kept_on_delete")
