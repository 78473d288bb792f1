"""A verdict's application and position are those of its choice: one key says so, and one is quicker to check than three.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PARENTS = ("application", "choice", "position")
WHOLE = "fk_verdict_choice_id_application_id_position_id"


def upgrade() -> None:
    op.create_index("uq_choice_whole", "choice", ["id", "application_id", "position_id"], unique=True)
    with op.batch_alter_table("verdict") as table:
        for parent in PARENTS:
            table.drop_constraint(f"fk_verdict_{parent}_id", type_="foreignkey")
        here = ["choice_id", "application_id", "position_id"]
        table.create_foreign_key(WHOLE, "choice", here, ["id", "application_id", "position_id"])


def downgrade() -> None:
    with op.batch_alter_table("verdict") as table:
        table.drop_constraint(WHOLE, type_="foreignkey")
        for parent in PARENTS:
            table.create_foreign_key(f"fk_verdict_{parent}_id", parent, [f"{parent}_id"], ["id"])
    op.drop_index("uq_choice_whole", "choice")
