"""Pages left half done: "Save and come back later" keeps what was typed, although it is no complete answer yet.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.add_column("application", sa.Column("begun", json, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("application", "begun")
