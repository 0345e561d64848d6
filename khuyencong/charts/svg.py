"""SVG written by hand: every text and attribute is escaped here, and nowhere else. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Number = float | int


def number(value: Number) -> str:
    """A length in user units, with a full stop whatever the locale: 12.5, 40."""
    return f"{value:.1f}".removesuffix(".0")


def element(tag: str, *children: str, **attributes: Number | str) -> str:
    """One element. `children` are elements already written; `css` is the class, `text_anchor` is text-anchor.

    An attribute given as "" is left out.
    """
    named = {"class" if name == "css" else name.replace("_", "-"): value for name, value in attributes.items()}
    written = "".join(
        f' {name}="{escape(value) if isinstance(value, str) else number(value)}"'
        for name, value in named.items()
        if value != ""
    )
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


def words(text: str, x: Number, y: Number, *, css: str = "", anchor: str = "") -> str:
    """A line of text whose baseline is `y`; `anchor`: "middle" or "end", else it begins at `x`."""
    return element("text", escape(text), x=x, y=y, css=css, text_anchor=anchor)


def rect(x: Number, y: Number, width: Number, height: Number, css: str, fill: str = "") -> str:
    """`fill`: the address of a pattern of the page; without it the class says the colour."""
    return element("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), css=css, fill=fill)


def line(x1: Number, y1: Number, x2: Number, y2: Number, css: str) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, css=css)


def polyline(points: Sequence[tuple[Number, Number]], css: str) -> str:
    return element("polyline", points=" ".join(f"{number(x)},{number(y)}" for x, y in points), css=css)


def told(tip: str, *children: str) -> str:
    """Shapes that tell `tip` under a pointer."""
    return element("g", element("title", escape(tip)), *children)


def moved(body: str, x: Number, y: Number) -> str:
    return element("g", body, transform=f"translate({number(x)} {number(y)})")


@dataclass(frozen=True)
class Part:
    """Shapes and the height that they take, from 0 down."""

    body: str
    height: float


@dataclass(frozen=True)
class Drawing:
    """A chart of a fixed width. `title` and `description` say in words what it shows."""

    key: str  # of the page: ids begin with it
    title: str
    description: str
    width: float
    part: Part
    has_links: bool = False

    @property
    def svg(self) -> str:
        """The element, safe to be written into a page as it is.

        A picture for those who hear the page, unless it has links, which a picture would hide.
        """
        title = element("title", escape(self.title), id=f"{self.key}-title")
        description = element("desc", escape(self.description), id=f"{self.key}-desc")
        return element(
            "svg",
            title,
            description,
            self.part.body,
            css="kc-chart",
            viewBox=f"0 0 {number(self.width)} {number(self.part.height)}",
            width=self.width,
            height=self.part.height,
            role="group" if self.has_links else "img",
            aria_labelledby=f"{self.key}-title {self.key}-desc",
            focusable="false",
        )
