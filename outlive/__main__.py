"""`python -m outlive` is the command."""

import sys

from outlive.cli import main

sys.exit(main())
