"""Pages are templates filled with data: what is not marked as the page's own is escaped, and shows what it hides."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from analysis.report import terms
from analysis.report.grounds import said
from analysis.report.legible import counted, shortened, spoken, visible

# Nothing is fetched and nothing runs; the style sheet and styles of figures are in the page.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

_QUANTITY: Final = re.compile(r"[−\d.,]+ (?:%|ms|s|min|h|days|years)(?: \[[−\d., ]+\])?(?![\w;])|\[[−\d., ]+\]")
_HERE: Final = Path(__file__).parent


def page(template: str, **content: object) -> str:
    """The page that a template makes of its content."""
    text = _environment().get_template(template).render(policy=POLICY, **content)
    # At the end, so that nothing gets past it; line ends and tabs are kept for listings.
    return visible(text, keep="\n\t") + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["style"] = Markup((_HERE / "style.css").read_text("utf-8"))  # noqa: S704 - the project's own
    environment.filters |= {"short": shortened, "spoken": spoken}
    environment.filters |= {"said": said, "principal": terms.principal, "credential": terms.credential}
    environment.filters["whole"] = _whole
    environment.globals["counted"] = counted
    return environment


def _whole(text: str) -> Markup:
    """A sentence in which no line ends between a number and its unit or interval."""
    return Markup(_QUANTITY.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped before
