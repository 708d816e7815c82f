# The package is installed in place, as the service reads fhir_profiles/ beside it.
FROM python:3.11-slim AS build
WORKDIR /srv/triage
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY service service
COPY fhir_profiles fhir_profiles
# Compiled here once, because nothing is written later; bytecode is taken only where it fits the source's content.
RUN python -m venv /opt/triage \
    && /opt/triage/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && /opt/triage/bin/pip install --no-cache-dir --no-deps --editable . \
    && /opt/triage/bin/python -m compileall -q --invalidation-mode checked-hash service

FROM python:3.11-slim
ENV PATH=/opt/triage/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
COPY --from=build /opt/triage /opt/triage
COPY --from=build /srv/triage /srv/triage
WORKDIR /srv/triage
# No name is needed for a user that owns nothing: every file above belongs to root and is only read.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ.get('TRIAGE_PORT', '8080')}/livez\", timeout=4)"]
# The image alone listens on its own loopback only; docker-compose.yml opens it to the network it declares trusted.
CMD ["triage", "run"]
