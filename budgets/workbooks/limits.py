"""Memory and time of a child process, set before it reads a byte. Standard library only."""

import resource


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    """What goes past these ends this process and no other."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
