# The program in an image: packages checked against their hashes, no compiler, no root.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS build
RUN python -m venv /opt/internships
WORKDIR /build
# The packages first: their layer stays as long as the list does.
COPY requirements/run.txt requirements/run.txt
RUN /opt/internships/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN /opt/internships/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index .

FROM ${PYTHON}
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin internships \
    && install --directory --owner=10001 --mode=0700 /var/lib/internships/files
COPY --from=build /opt/internships /opt/internships
ENV PATH=/opt/internships/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["internships", "serve"]
