"""Where the folders that the program reads while it runs are: in the checkout, or shipped inside the wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = PACKAGE.parents[1]
HOME = _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else PACKAGE / "shipped"

TEMPLATES = HOME / "templates"
STATIC = HOME / "static"
LOCALES = HOME / "locales"
MIGRATIONS = HOME / "alembic"
