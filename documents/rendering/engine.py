"""The PDF engine: WeasyPrint with our two fonts, one reused font configuration, and no way out of the process.

WeasyPrint needs Pango and HarfBuzz from the system, so it is imported on first use: a machine without them can still
start, say what is missing (``missing_libraries``) and run everything that prints nothing.
"""

import atexit
import ctypes
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

FONTS = {
    "font:regular": "NotoSansSC-Regular.ttf",
    "font:bold": "NotoSansSC-Bold.ttf",
}
FAMILY = "Liaison Sans"
FONT_FACES = "".join(
    f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:url("{url}")}}'
    for url, weight in (("font:regular", 400), ("font:bold", 700))
)

# Debian package → the libraries it brings. libharfbuzz-subset0 is no dependency of Pango, and without it WeasyPrint
# falls back to subsetting in Python: 3-40 times slower, without a word.
_LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz0b": ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
}

# One rendering at a time in a process: it bounds memory, and the shared font configuration is not made for threads.
_lock = threading.Lock()


def missing_libraries() -> list[str]:
    """System packages (Debian names) that PDF rendering needs and this machine lacks."""
    return [package for package, names in _LIBRARIES.items() if not any(_loads(name) for name in names)]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def font_path(name: str) -> Path:
    """A shipped font file."""
    return Path(settings.BASE_DIR) / "static" / "fonts" / name


@lru_cache(maxsize=1)
def _fetcher_class() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnBytesOnly(URLFetcher):
        """Serves the two fonts and the pictures that our own code gave, and refuses every other address: no file, no network,
        no ``data:``."""

        def __init__(self, pictures: Mapping[str, Callable[[], bytes]]) -> None:
            super().__init__()
            self._pictures = pictures

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in self._pictures:
                return URLFetcherResponse(url, self._pictures[url](), {"Content-Type": "image/jpeg"})
            if url not in FONTS:
                raise ValueError(f"refused: {url[:200]}")
            return URLFetcherResponse(url, font_path(FONTS[url]).read_bytes(), {"Content-Type": "font/ttf"})

        def open(self, url: Any, data: Any = None, timeout: Any = None) -> Any:
            # The parent's opener would reach the network; nothing may call it.
            raise ValueError("refused")

    return OwnBytesOnly


def _fetcher(pictures: Mapping[str, Callable[[], bytes]] | None = None) -> Any:
    """What fetches for one rendering: the fonts, and ``pictures`` by the addresses that our HTML names them by."""
    return _fetcher_class()(pictures or {})


@lru_cache(maxsize=1)
def _font_configuration() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    # It keeps a copy of the fonts in a temporary folder, which it removes itself if it goes before the interpreter does.
    atexit.register(_font_configuration.cache_clear)
    return FontConfiguration()


@lru_cache(maxsize=8)
def _stylesheet(css: str) -> Any:
    from weasyprint import CSS

    return CSS(string=FONT_FACES + css, url_fetcher=_fetcher(), font_config=_font_configuration(), base_url="print:css")


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    """Code points that both fonts have."""
    from fontTools.ttLib import TTFont

    sets = []
    for name in FONTS.values():
        with TTFont(font_path(name), lazy=True) as font:
            sets.append(frozenset(font.getBestCmap()))
    return sets[0] & sets[1]


# Characters without a shape of their own; people paste them without knowing.
_INVISIBLE = frozenset([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)])
MISSING = "□"


def printable(text: str) -> str:
    """``text`` with what our fonts can show: invisible joiners go, tabs become blanks, and any character without a glyph
    (emoji, a name character outside the font, direction marks, control characters) becomes □.

    Otherwise the system's fonts would step in, and the same form would print differently on another machine.
    """
    if text.isascii() and text.isprintable():
        return text
    glyphs = _glyphs()
    shown = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        code = ord(character)
        if character == "\n":
            shown.append(character)
        elif character == "\t":
            shown.append(" ")
        elif code in _INVISIBLE:
            continue
        elif code in glyphs and code >= 0x20 and not 0x7F <= code < 0xA0:
            shown.append(character)
        else:
            shown.append(MISSING)
    return "".join(shown)


def render(html: str, css: str, pictures: Mapping[str, Callable[[], bytes]] | None = None) -> bytes:
    """A PDF of our own HTML and CSS, with JPEG ``pictures`` by address. The same input gives the same bytes, whenever and
    wherever it runs. A picture that cannot be read is left blank under its caption."""
    from weasyprint import HTML

    with _lock:
        stylesheet = _stylesheet(css)
        return HTML(string=html, url_fetcher=_fetcher(pictures), base_url="print:page").write_pdf(
            stylesheets=[stylesheet], font_config=_font_configuration(), pdf_identifier=False
        )
