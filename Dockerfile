# docker build -t meshlint . && docker run --rm --read-only --network none -v "$PWD:/src:ro" meshlint check

FROM python:3.12-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY meshlint meshlint
COPY rules rules
COPY schemas schemas
# it puts rules and schemas into the wheel
COPY tools/wheel.py tools/wheel.py
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim
# git is for `check --since` and `diff`
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels --root-user-action=ignore meshlint \
    && git config --system --add safe.directory '*' \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin meshlint
ENV PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /src
ENTRYPOINT ["meshlint"]
CMD ["check"]
