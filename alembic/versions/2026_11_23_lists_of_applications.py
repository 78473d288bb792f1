"""Lists of applications by when they were sent, and people of the same birth date, are found without reading the whole table.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_application_sent", "application", ["cycle_id", "submitted_at", "id"])
    op.create_index("ix_application_born", "application", ["cycle_id", "born_on", "nationality"])


def downgrade() -> None:
    op.drop_index("ix_application_born", "application")
    op.drop_index("ix_application_sent", "application")
