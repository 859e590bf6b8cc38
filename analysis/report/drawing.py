"""Figures are drawings inside the page: SVG made by matplotlib, the same bytes for the same facts, no window, no state.

Sizes are CSS pixels: a figure is drawn as wide as the page shows it, so that its letters are as large as the page's.
"""

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.report.captions import Caption
from analysis.report.legible import visible
from analysis.report.numerals import clock_of

WIDTH: Final = 800
ROW: Final = 32
TEXT: Final = 13
SMALL: Final = 12

# Okabe and Ito's colours, told apart by people who do not see red or green, and in print by their lightness.
BLUE: Final = "#0072b2"
ORANGE: Final = "#d55e00"
SKY: Final = "#7fb8d8"
# The same orange dark enough for letters: 4.5 to 1 and more on white.
RUST: Final = "#a84300"
INK: Final = "#1d2733"
GREY: Final = "#5a6572"
PALE: Final = "#d8dde3"

_DOTS: Final = 72
_STYLE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "outlive",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": TEXT,
    "text.color": INK,
    "axes.edgecolor": PALE,
    "axes.labelcolor": GREY,
    "axes.labelsize": SMALL,
    "axes.unicode_minus": True,
    "xtick.color": GREY,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": TEXT,
}
_WITHOUT: Final = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_TIMES: Final = (
    (0, "0"), (1e-3, "1 ms"), (0.01, "10 ms"), (0.1, "0.1 s"), (1, "1 s"), (10, "10 s"), (60, "1 min"),
    (600, "10 min"), (3600, "1 h"), (6 * 3600, "6 h"), (86400, "1 day"), (7 * 86400, "7 days"), (28 * 86400, "28 days"),
)  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """A figure with its caption, as an element of the page."""

    caption: Caption
    svg: Markup

    def _repr_html_(self) -> str:
        """How a notebook shows it: as on the page."""
        words = f"{escape(self.caption.see)} {escape(self.caption.rests)}"
        return f"<figure>{self.svg}<figcaption>{words}</figcaption></figure>"


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings, while a figure is made and written."""
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # Letters that the measuring font lacks are still there for the reader's own font.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def canvas(height: float, width: float = WIDTH) -> Figure:
    """An empty figure of so many pixels."""
    return Figure(figsize=(width / _DOTS, height / _DOTS), dpi=_DOTS)


def panel(figure: Figure, left: float, width: float, top: float, bottom: float) -> Axes:
    """Axes at these pixels from the left, the top and the bottom, without a frame, with a light grid across."""
    wide, high = (size * _DOTS for size in figure.get_size_inches())
    axes = figure.add_axes((left / wide, bottom / high, width / wide, (high - top - bottom) / high))
    axes.set_frame_on(False)
    axes.grid(visible=True, axis="x", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=6)
    return axes


def rows(axes: Axes, names: Iterable[str], *, shown: bool = True) -> None:
    """A row a name, the first on top, with hairlines between."""
    labels = list(names)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels if shown else [""] * len(labels))
    for line in range(len(labels) + 1):
        axes.axhline(line - 0.5, color=PALE, linewidth=0.6, zorder=0)


def times(axes: Axes, longest: float, smallest: float) -> None:
    """A logarithmic axis of seconds, with zero on it, labelled in the units that people use."""
    axes.set_xscale("symlog", linthresh=smallest, linscale=0.5)
    marks = [(at, name) for at, name in _TIMES if at == 0 or smallest <= at <= longest * 1.3]
    axes.set_xticks([at for at, _ in marks], [name for _, name in marks])
    axes.set_xticks([], minor=True)
    axes.set_xlim(-smallest * 0.35, longest * 2)


def plain_times(axes: Axes, longest: float) -> None:
    """A linear axis of seconds from zero, labelled in the one unit that fits the longest."""
    clock = clock_of(longest)
    marks = [float(mark) for mark in MaxNLocator(6).tick_values(0, longest / clock.seconds) if mark >= 0]
    axes.set_xticks([mark * clock.seconds for mark in marks], [f"{mark:g} {clock.unit}" for mark in marks])
    axes.set_xlim(-longest * 0.02, longest * 1.12)


def drawing(figure: Figure, caption: Caption, words: str) -> Drawing:
    """A figure as the page shows it; `words` are its content for whoever does not see it."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=_WITHOUT)
    return Drawing(caption, _element(out.getvalue(), caption, words))


def _element(text: str, caption: Caption, words: str) -> Markup:
    """The drawing without what only a file of its own needs; its ids its own, as wide as the page gives it."""
    text = re.sub(r"\s*<(metadata|style)\b.*?</\1>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{caption.key}-", text).replace("xlink:href", "href")
    head, _, body = text.partition(">")
    box = re.search(r'viewBox="[^"]*"', head)
    told = f"<title>{escape(visible(caption.title))}</title><desc>{escape(visible(words))}</desc>"
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {box[0] if box else ""}>'
    return Markup(f"{opened}{told}{body}")  # noqa: S704 - made here, and the words are escaped
