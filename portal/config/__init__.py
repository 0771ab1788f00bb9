"""The operator's file and the environment, read into frozen settings or refused with every problem at once."""

from portal.config.loading import load_settings, read_settings
from portal.config.problems import Problem, SettingsInvalid, nearest
from portal.config.settings import Settings, SourceSettings

__all__ = ["Problem", "Settings", "SettingsInvalid", "SourceSettings", "load_settings", "nearest", "read_settings"]
