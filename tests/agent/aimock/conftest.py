"""Whole conversations against aimock, a program of node: `make test-aimock` gets it and sets this.

Where AIMOCK_CLI names no program these tests are not collected; the wire formats are then tested
against llmock, and conversations against a scripted server.
"""

import os

collect_ignore_glob = [] if os.environ.get("AIMOCK_CLI") else ["test_*.py"]
