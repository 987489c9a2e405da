"""Print the oldest version of each package that the metadata allows, for `make oldest`.

python .ci/lower.py > oldest.txt
"""

from __future__ import annotations

import re
from pathlib import Path

TABLES = ("dependencies", "embedded", "lab")
"""What a person installs; the tools of the tests may be new."""


def lower(metadata: str) -> list[str]:
    """The requirements, each with `==` and its lower bound, in the order of their names."""
    pins = set()
    for table in TABLES:
        listed = re.search(rf"^{table} = \[(.*?)\]$", metadata, re.MULTILINE | re.DOTALL)
        assert listed is not None, table
        for requirement in re.findall(r'"(.+?)"', listed[1]):
            if not requirement.startswith("probewidgets"):
                name, _, bound = requirement.partition(">=")
                assert re.fullmatch(r"[\d.]+", bound), f"{requirement} has no lower bound"
                pins.add(f"{name}=={bound}")
    return sorted(pins)


if __name__ == "__main__":
    print("# The oldest versions that the metadata allows: python .ci/lower.py > oldest.txt")
    print("\n".join(lower(Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))))
