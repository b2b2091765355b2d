"""The Lambda runtime that everything is packaged for, whatever Python and machine packages it."""

import platform
import sys
from dataclasses import dataclass
from typing import Final

# glibc of the runtimes: Amazon Linux 2 up to Python 3.11, Amazon Linux 2023 from 3.12.
_GLIBC: Final = {(3, 11): 26, (3, 12): 34, (3, 13): 34}
_OLDEST_GLIBC: Final = 5
# What CloudFormation calls the machines that wheels name.
_ARCHITECTURES: Final = {"aarch64": "arm64", "x86_64": "x86_64"}


class PackagingError(Exception):
    """The package cannot be built; the message says what to change."""


@dataclass(frozen=True)
class Runtime:
    """A Python on a machine, as wheels name it. PackagingError for one that Lambda does not have."""

    python: tuple[int, int]
    machine: str

    def __post_init__(self) -> None:
        if self.python not in _GLIBC or self.machine not in _ARCHITECTURES:
            raise PackagingError(f"Lambda runs no {self.label} on {self.machine}")

    @property
    def version(self) -> str:
        """`3.13`."""
        return ".".join(map(str, self.python))

    @property
    def label(self) -> str:
        """What Lambda calls the Python: `python3.13`."""
        return f"python{self.version}"

    @property
    def architecture(self) -> str:
        """What Lambda calls the machine: `arm64`."""
        return _ARCHITECTURES[self.machine]

    @property
    def glibc(self) -> int:
        """The minor version of its C library."""
        return _GLIBC[self.python]

    @property
    def platforms(self) -> list[str]:
        """The platforms of wheels that run there, best first."""
        perennial = [f"manylinux_2_{minor}_{self.machine}" for minor in range(self.glibc, _OLDEST_GLIBC - 1, -1)]
        return [
            *perennial,
            f"manylinux2014_{self.machine}",
            f"manylinux2010_{self.machine}",
            f"manylinux1_{self.machine}",
        ]

    def __str__(self) -> str:
        return f"{self.label}/{self.architecture}"


# Why this one: docs/adr/0023-runtime.md.
LAMBDA: Final = Runtime((3, 13), "aarch64")


def of_this_machine() -> Runtime:
    """The runtime that is most like the Python that asks: what is packaged for it runs here."""
    return Runtime(sys.version_info[:2], platform.machine())
