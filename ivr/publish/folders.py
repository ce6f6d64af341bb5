# SPDX-License-Identifier: EUPL-1.2
"""Where cards are served from: a link, which leads to one of the folders of cards that stand beside it.

A folder is never changed once it is there, and a link is replaced in one step, so whoever starts reads one whole card.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ivr.editor.load import to_publish
from ivr.messages.files import OddFileError, contents
from ivr.messages.problems import ProblemError

UNFINISHED = ".new-"
KEPT = 10
"""So many cards stay, the newest; also the one that is served, and the one before it."""


class PublishError(ProblemError):
    """Raised when a card cannot be published."""


@dataclass(frozen=True)
class Served:
    """The served card: `link` is what IVR_PROMPTS names."""

    link: Path

    @property
    def cards(self) -> Path:
        """The folder with all cards."""
        return self.link.parent / "cards"

    @property
    def _link_before(self) -> Path:
        return self.link.with_name(f"{self.link.name}.before")

    @property
    def now(self) -> Path | None:
        """The card that is served; None where there is none yet."""
        return self.link.resolve() if self.link.exists() else None

    @property
    def before(self) -> Path | None:
        """The card that was served before that."""
        return self._link_before.resolve() if self._link_before.exists() else None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from publishing. Raises PublishError when somebody is, or when no server could read it."""
        import fcntl  # noqa: PLC0415 - Windows has none, where an editor checks a card and publishes nothing

        if self.link.is_dir() and not self.link.is_symlink():
            raise PublishError("publish-folder", link=str(self.link))
        self.cards.mkdir(exist_ok=True)
        self.cards.chmod(0o755)
        for folder in self.cards.resolve().parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                raise PublishError("publish-closed", folder=str(folder))
        with (self.cards / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise PublishError("publish-busy") from None
            for left in self.cards.glob(f"{UNFINISHED}*"):  # by a machine that lost its power
                shutil.rmtree(left)
            yield

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Path]:
        """A copy that every user may read whatever the umask, which is gone after the block unless it was kept.

        Only of the files that a card can have, and no link is followed: we are root, and all that is in it gets public.
        """
        copy = self.cards / f"{UNFINISHED}{os.getpid()}"
        try:
            try:
                copy.mkdir()
                for file in to_publish(folder.resolve()):
                    target = copy / file.relative_to(folder.resolve())
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(contents(file, follow=False))
            except OddFileError as error:
                raise PublishError(error.message, file=str(error.file)) from None
            except OSError as error:
                raise PublishError("publish-copy", file=str(file), reason=str(error.strerror)) from None
            for path in (copy, *copy.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            yield copy
        finally:
            shutil.rmtree(copy, ignore_errors=True)

    def keep(self, copy: Path) -> Path:
        """Give a copy its own name, once it is safely on the disk."""
        os.sync()
        return copy.rename(self.cards / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")

    def switch(self, card: Path) -> None:
        """Serve another card from the next start of a server on."""
        if (now := self.now) and now != card:
            _lead(self._link_before, now)
        _lead(self.link, card)

    def restore(self, now: Path, before: Path | None) -> None:
        """Serve what was served, and remember what was before that."""
        _lead(self.link, now)
        if before:
            _lead(self._link_before, before)
        else:
            self._link_before.unlink(missing_ok=True)

    def settle(self, back: Path | None = None) -> None:
        """Remove cards that were served long ago; after going `back`, also forget the card left, which was not good."""
        if back:
            self._link_before.unlink(missing_ok=True)
        for old in sorted(self.cards.glob("2*T*Z*"))[:-KEPT]:
            if old not in (self.now, self.before):
                shutil.rmtree(old)


def _lead(link: Path, to: Path) -> None:
    """Let a link lead there, in one step."""
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(to, link.parent.resolve()))
    new.replace(link)
