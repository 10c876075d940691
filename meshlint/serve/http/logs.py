"""The log: a line of JSON for each request and each event. No body, no query and no token is in it."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
from typing import Any

from meshlint.values import regex

_REQUEST_ID = regex(r"[A-Za-z0-9._-]{1,64}")
LOGGER = "meshlint.serve"


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + "Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        told |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
        return json.dumps(told, ensure_ascii=True)


def logging_config() -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig`: this log and that of the server, to stderr."""
    loggers = {
        name: {"handlers": ["stderr"], "level": level, "propagate": False}
        for name, level in ((LOGGER, "INFO"), ("uvicorn", "WARNING"), ("uvicorn.error", "WARNING"))
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": sys.stderr}},
        "loggers": loggers,
    }


def tell(event: str, **fields: Any) -> None:
    """Write an event."""
    logging.getLogger(LOGGER).info(event, extra={"fields": fields})


def request_id(given: str) -> str:
    """The id that the caller gave, if it is plain; else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
