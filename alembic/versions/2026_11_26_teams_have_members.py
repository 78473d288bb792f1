"""The two of a team are rows of their own, so that the database keeps that nobody is in two teams.

No page could write a team before and nothing was released, so the old table goes with what it cannot hold.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_table("match_team")
    op.create_table(
        "match_team",
        sa.Column("cycle_id", Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_match_team_cycle_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_match_team_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_team")),
        sa.UniqueConstraint("ref", name=op.f("uq_match_team_ref")),
    )
    op.create_table(
        "match_team_member",
        sa.Column("team_id", Id, nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("application_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.CheckConstraint("side IN (1, 2)", name=op.f("ck_match_team_member_two")),
        sa.ForeignKeyConstraint(["team_id"], ["match_team.id"], name=op.f("fk_match_team_member_team_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_match_team_member_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_team_member")),
        sa.UniqueConstraint("application_id", name=op.f("uq_match_team_member_application_id")),
        sa.UniqueConstraint("team_id", "side", name=op.f("uq_match_team_member_team_id_side")),
    )


def downgrade() -> None:
    op.drop_table("match_team_member")
    op.drop_table("match_team")
    op.create_table(
        "match_team",
        sa.Column("cycle_id", Id, nullable=False),
        sa.Column("first_id", Id, nullable=False),
        sa.Column("second_id", Id, nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_match_team_two")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_match_team_cycle_id")),
        sa.ForeignKeyConstraint(["first_id"], ["application.id"], name=op.f("fk_match_team_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["application.id"], name=op.f("fk_match_team_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_team")),
        sa.UniqueConstraint("first_id", name=op.f("uq_match_team_first_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_match_team_ref")),
        sa.UniqueConstraint("second_id", name=op.f("uq_match_team_second_id")),
    )
