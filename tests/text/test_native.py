"""The native parser in a process with threads."""

import subprocess
import sys

PROGRAM = """
import threading
{imported}

def parse():
    from orchestrator.text.read import read
    for _ in range(300):
        read("x.yaml", b"id: PAY-1\\nlabels: [api, db]\\n")

for _ in range(60):
    thread = threading.Thread(target=parse)
    thread.start()
    thread.join()
print("alive")
"""


def test_threads_that_come_and_go_parse_once_the_store_is_imported() -> None:
    program = PROGRAM.format(imported="import orchestrator.store.workspace")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
