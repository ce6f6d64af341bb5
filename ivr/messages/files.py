# SPDX-License-Identifier: EUPL-1.2
"""Reads a file that somebody put there: a plain one, of a size that a card can have.

Anything else would hang (a pipe), never end (a device), or, read by root and shown to the world, be a secret (a link).
"""

import errno
import os
import stat
from pathlib import Path

MOST = 1_000_000
"""Bytes; the largest file of a card of ours has thirty thousand."""


class OddFileError(OSError):
    """Raised for what is no plain file: `message` is the id of what is said of it."""

    def __init__(self, message: str, file: Path) -> None:
        super().__init__(f"{file}: {message}")
        self.message, self.file = message, file


def contents(file: Path, *, follow: bool = True) -> bytes:
    """What is in a file. Where links are not followed, neither the file nor the folder that it is in may be one.

    Raises OddFileError, and OSError for one that is not there or may not be read.
    """
    own = 0 if follow else os.O_NOFOLLOW
    try:
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | own)
        try:
            number = os.open(file.name, os.O_RDONLY | os.O_NONBLOCK | own, dir_fd=folder)
        finally:
            os.close(folder)
    except OSError as error:
        if not follow and (file.is_symlink() or file.parent.is_symlink()):
            raise OddFileError("odd-link", file) from None
        if error.errno == errno.ENXIO:  # a socket
            raise OddFileError("odd-kind", file) from None
        error.filename = str(file)  # and not only what it is called in its folder
        raise
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OddFileError("odd-kind", file)
        if len(read := os.read(number, MOST + 1)) > MOST:
            raise OddFileError("odd-size", file)
    finally:
        os.close(number)
    return read


def there(file: Path) -> bool:
    """Whether there is a file; True where nobody may look (`Path.exists` denies it), since reading it reports that."""
    try:
        file.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True
