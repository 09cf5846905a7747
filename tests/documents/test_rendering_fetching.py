"""The PDF engine reaches nothing: every way in which HTML and CSS can ask for an address, with a listener on it."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pikepdf
import pytest
from weasyprint.urls import URLFetchingError

from documents.rendering import engine

CHANNELS = {
    "img": '<img src="{url}">',
    "img srcset": '<img srcset="{url} 2x" src="{url}">',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "iframe": '<iframe src="{url}"></iframe>',
    "input image": '<input type="image" src="{url}">',
    "stylesheet link": '<link rel="stylesheet" href="{url}">',
    "style import": '<style>@import url("{url}");</style>',
    "style attribute": '<p style="background:url({url})">x</p>',
    "background image": '<style>p{{background-image:url("{url}")}}</style><p>x</p>',
    "content": '<style>p::before{{content:url("{url}")}}</style><p>x</p>',
    "list style": '<style>li{{list-style-image:url("{url}")}}</style><ul><li>x</li></ul>',
    "border image": '<style>p{{border:1px solid;border-image:url("{url}") 1}}</style><p>x</p>',
    "font face": '<style>@font-face{{font-family:f;src:url("{url}")}}p{{font-family:f}}</style><p>x</p>',
    "svg image": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    "svg xlink image": '<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
    '<image xlink:href="{url}" width="9" height="9"/></svg>',
    "svg use": '<svg width="9" height="9"><use href="{url}#a"/></svg>',
    "svg style": '<svg width="9" height="9"><style>@import url("{url}");</style><rect width="9" height="9"/></svg>',
    "attachment link": '<link rel="attachment" href="{url}">',
    "attachment anchor": '<a rel="attachment" href="{url}">x</a>',
    "page margin box": '<style>@page{{@top-left{{content:url("{url}")}}}}</style><p>x</p>',
    "page background": '<style>@page{{background:url("{url}")}}</style><p>x</p>',
    "base": '<base href="{url}"><img src="a.png"><link rel="stylesheet" href="b.css">',
    "color profile": '<style>@color-profile --c{{src:url("{url}")}}p{{color:color(--c 1 0 0)}}</style><p>x</p>',
}


@pytest.fixture(scope="module")
def listener():
    """A web server on this machine that remembers what it was asked for."""
    hits = []

    class Remember(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            if self.path.startswith("/redirect"):
                self.send_response(302)
                self.send_header("Location", "/landed")
            else:
                self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Remember)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_fetches_anything(channel, listener, tmp_path):
    address, hits = listener
    secret = tmp_path / "secret.css"
    secret.write_text("p{content:'the secret of this machine'}")
    for url in (f"{address}/a", f"{address}/redirect", secret.as_uri(), "file:///etc/passwd", "ftp://127.0.0.1/x"):
        try:
            data = engine.render(f"<html><body>{CHANNELS[channel].format(url=url)}</body></html>", "p{margin:0}")
        except URLFetchingError:
            # Some channels take a refusal so hard that there is no PDF.
            continue
        with pikepdf.open(io.BytesIO(data)) as document:
            assert not document.attachments
            assert b"secret" not in b"".join(
                thing.read_bytes() for thing in document.objects if isinstance(thing, pikepdf.Stream)
            )
    assert hits == []


def test_style_sheets_of_ours_fetch_nothing_either(listener):
    address, hits = listener
    css = f'@import url("{address}/a.css"); p{{background:url("{address}/b.png")}}'
    engine.render("<p>x</p>", css)
    assert hits == []


def test_without_the_fetcher_the_same_channels_do_fetch(listener):
    """The control: were the listener deaf, the tests above would prove nothing."""
    from weasyprint import HTML

    address, hits = listener
    for channel in ("img", "stylesheet link", "style import", "font face", "svg image", "attachment link"):
        before = len(hits)
        HTML(string=CHANNELS[channel].format(url=f"{address}/{len(hits)}"), base_url=address).write_pdf()
        assert len(hits) > before, channel
    hits.clear()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "file:///etc/passwd", "data:text/css,p{}", "font:other", "FONT:REGULAR", ""]
)
def test_the_fetcher_serves_the_two_fonts_and_nothing_else(url):
    fetcher = engine._fetcher()
    for call in (fetcher, fetcher.fetch, fetcher.open):
        with pytest.raises(ValueError, match="refused"):
            call(url)
    assert fetcher.fetch("font:regular").read()[:4] == b"\x00\x01\x00\x00"
