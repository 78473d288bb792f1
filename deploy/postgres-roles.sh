#!/bin/sh
# Run once by the PostgreSQL image, in an empty volume. The program reads and writes rows as its own role, which can't change
# a table; only `internships migrate` connects as the owner.
set -eu

psql --set ON_ERROR_STOP=1 --set password="$APP_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE internships_app LOGIN PASSWORD :'password';
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO internships_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO internships_app;
SQL
