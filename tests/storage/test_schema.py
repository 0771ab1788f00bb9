"""The schema's number is read without Alembic, and is the one Alembic would give."""

from __future__ import annotations

import subprocess
import sys

from alembic.config import Config
from alembic.script import ScriptDirectory

from portal.resources import migrations_folder
from portal.storage import schema


def test_head_is_what_alembic_calls_head() -> None:
    configuration = Config()
    configuration.set_main_option("script_location", str(migrations_folder()))
    assert schema.head() == ScriptDirectory.from_config(configuration).get_current_head()


def test_asking_for_the_number_does_not_import_alembic() -> None:
    program = "import sys, portal.storage.schema as schema; schema.head(); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
