# The service in one image: the same environment as `make demo`, from the same hash-checked lock.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
# Who runs it may not write here, and would compile every module at every start.
ENV UV_COMPILE_BYTECODE=1
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && VIRTUAL_ENV=/venv /venv/bin/uv pip install --no-cache --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY waitlists waitlists
COPY forecasting forecasting
COPY api api
COPY jobs jobs
RUN VIRTUAL_ENV=/venv /venv/bin/uv pip install --no-cache --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 waitlists \
    && useradd --system --uid 10001 --gid waitlists --home-dir /data --shell /usr/sbin/nologin waitlists \
    && install --directory --owner waitlists --group waitlists /data
COPY --from=build /venv /venv
# One BLAS thread: the models run many at once, and more threads only wait for each other.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    WAITLISTS_LOG_FORMAT=json
WORKDIR /data
USER waitlists
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["waitlists"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
