"""What grows from call to call is looked up: steps not sealed yet, letters of a state, jobs about a thing, offers to a person.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NOT_SEALED = sa.text("seal IS NULL")


def upgrade() -> None:
    op.create_index("ix_history_unsealed", "history", ["id"], sqlite_where=NOT_SEALED, postgresql_where=NOT_SEALED)
    op.create_index("ix_letter_list", "letter", ["state", "id"])
    op.create_index("ix_job_subject", "job", ["subject", "id"])
    op.create_index("ix_offer_person", "offer", ["person_id", "cycle_id"])


def downgrade() -> None:
    op.drop_index("ix_offer_person", "offer")
    op.drop_index("ix_job_subject", "job")
    op.drop_index("ix_letter_list", "letter")
    op.drop_index("ix_history_unsealed", "history")
