"""`python -m probewidgets.cli`, where the command itself is not on the path."""

import sys

from probewidgets.cli import main

sys.exit(main())
