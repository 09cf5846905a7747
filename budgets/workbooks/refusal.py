"""Why a whole file is refused, as a code: raised in the child process, worded by ``faults``. Standard library only."""


class Refusal(Exception):
    """The file as a whole cannot be taken; ``code`` is a key of ``faults.REFUSALS``."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters
