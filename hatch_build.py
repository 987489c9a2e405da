"""What the build adds to the package: the notebooks, and the addresses that follow from the repository's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

PAGES = {
    "Source": "",
    "Issues": "/issues",
    "Documentation": "/tree/main/docs",
    "Changelog": "/blob/main/CHANGELOG.md",
}


class Notebooks(BuildHookInterface):
    """The tutorials lie beside the package in the repository, and inside of it where it is installed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Place them, unless the package is used where it stands."""
        if self.target_name == "wheel" and version != "editable":
            for path in sorted(Path(self.root, "notebooks").glob("*.ipynb")):
                build_data["force_include"][str(path)] = f"probewidgets/notebooks/{path.name}"


class Addresses(MetadataHookInterface):
    """`project.urls`, of the repository that `tool.hatch.metadata.hooks.custom` names; none where it names none."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set them."""
        repository = self.config.get("repository", "").rstrip("/")
        metadata["urls"] = {name: repository + rest for name, rest in PAGES.items()} if repository else {}
