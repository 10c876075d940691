"""How does the user want it? The configuration file: where it is, what may stand in it, what it says."""

from meshlint.engine.config.discovery import find_config
from meshlint.engine.config.model import Config, Ignore
from meshlint.engine.config.reading import config_of, read_config

__all__ = ["Config", "Ignore", "config_of", "find_config", "read_config"]
