# The little of Django that pure modules use, so that they are checked strictly without its plugin.
from typing import Any

def __getattr__(name: str) -> Any: ...
