"""Where results go: a page must not take the place of the store it is made from."""

from pathlib import Path

from sim.audit.refusal import Refusal


def page_beside(store: Path | str, page: Path | str) -> Path:
    """The page's path, if a page can be written there.

    Raises:
        Refusal: it is the store itself, however it is spelled, or a folder.
    """
    wanted, kept = Path(page), Path(store)
    if wanted.resolve() == kept.resolve() or (wanted.exists() and kept.exists() and wanted.samefile(kept)):
        msg = f"{page}: that is the store; give the report a file of its own"
        raise Refusal(msg)
    if wanted.is_dir():
        msg = f"{page}: a folder; name the file to write the report to"
        raise Refusal(msg)
    return wanted
