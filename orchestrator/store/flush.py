"""Forcing many files to the disk at once."""

import os
from collections.abc import Iterable
from pathlib import Path


def is_flushed(folders: Iterable[Path]) -> bool:
    """Force the file systems of folders to the disk at once; return whether that is certain.

    It is a tenth of the time of forcing thousands of files one by one. Where the system cannot do
    it, or something went wrong, forcing them one by one tells what.
    """
    import ctypes

    try:
        flush = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return False
    one_each = {folder.stat().st_dev: folder for folder in folders}
    for folder in one_each.values():
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if flush(descriptor) != 0:
                return False
        finally:
            os.close(descriptor)
    return True
