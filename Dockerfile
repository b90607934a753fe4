# syntax=docker/dockerfile:1
FROM node:22.19.0-slim AS npm
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13.7-slim-trixie AS app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
# What WeasyPrint draws the printed form with.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    fonts-noto-core fonts-noto-color-emoji fonts-wqy-microhei fonts-unifont \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements-production.txt ./
RUN pip install --no-deps --require-hashes -r requirements-production.txt
COPY --from=npm /app/node_modules ./node_modules
COPY manage.py package-lock.json ./
COPY scripts ./scripts
COPY static ./static
COPY templates ./templates
COPY dpmap ./dpmap
COPY orgchart ./orgchart
COPY appraisals ./appraisals
ENV STATIC_ROOT=/app/collected DPMAP_VAR=/app/var
# Practice mode only for this one command: it hashes and compresses, and asks for no secrets.
RUN python -m scripts.assets --copy-only && rm -rf node_modules \
 && DPMAP_PRACTICE=1 SECRET_KEY=only-while-building python manage.py collectstatic --no-input \
 && useradd --system --no-create-home dpmap && mkdir -p var && chown dpmap var
USER dpmap
# From here on nothing but production starts.
ENV DPMAP_PRODUCTION=1
EXPOSE 8000
CMD ["gunicorn", "dpmap.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4", "--timeout", "30", "--no-control-socket"]
