"""Half a picture is refused: a switch of the picture library that is the whole process's. Pure leaf."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# One picture at a time: memory, and the switch.
_ONE = threading.Lock()


@contextmanager
def whole_pictures() -> Iterator[None]:
    """Refuse half a picture while it lasts: the PDF writer tells the library for the whole process to fill it up with grey."""
    from PIL import ImageFile

    with _ONE:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
