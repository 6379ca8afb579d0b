# syntax=docker/dockerfile:1
# One image for web, workers, relay, beat and migrations; docker-compose.yml says which is which.

FROM node:22-bookworm-slim AS npm
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm AS wheels
COPY requirements/base.txt /requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /requirements/base.txt

FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
COPY --from=wheels /venv /venv
WORKDIR /app
COPY . .
COPY --from=npm /app/node_modules node_modules
RUN find locale* -name '*.po' -execdir msgfmt -o django.mo django.po ';'
# Values for this step only: collecting files asks no server.
RUN ENVIRONMENT=local SECRET_KEY=local-build STATIC_ROOT=/app/static \
    DATABASE_URL=postgresql://none:none@none/none REDIS_URL=redis://none \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf node_modules

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent wuyou \
 && install -d -o wuyou -g wuyou /data /data/media /data/keys /witness
COPY --from=wheels /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    STATIC_ROOT=/app/static \
    MEDIA_ROOT=/data/media \
    SIGNING_KEY_FILE=/data/keys/checkpoint.key \
    WITNESS_DIR=/witness \
    WEB_ADDRESS=0.0.0.0:8000
USER wuyou
EXPOSE 8000
VOLUME ["/data", "/witness"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "deploy.healthy"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "assurance.wsgi"]
