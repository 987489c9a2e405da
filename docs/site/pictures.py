"""Take the pictures of the manual's pages: each widget in a real JupyterLab, light and dark, as small WebP files.

    python docs/site/pictures.py            all of them, into docs/images; needs Chromium
    python docs/site/pictures.py explorer   those that are named

They are the scenes of `docs/pictures.py`. Take them anew when a widget looks different.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(DOCS))

from pictures import Picture, take

SCENES = {
    "explorer": "7-layers_17-labels",
    "trainer": "trainer-done",
    "teacher": "teacher-painted",
    "compare": "compare-difference",
    "errors": "errors-cell",
    "strip": "strip",
    "heatmap": "heatmap",
    "curve": "curve",
}
"""Name of a picture -> the scene that it is of."""
WIDTH = 1280
"""Of a widget (px)."""
MOST_BYTES = 60_000
QUALITIES = (82, 70, 60, 50, 40)
"""The first with which a picture is small enough is taken."""


def main() -> None:
    """Take what the command line names, or all of it."""
    names = sys.argv[1:] or list(SCENES)
    wanted = [Picture(theme, SCENES[name], WIDTH) for theme in ("light", "dark") for name in names]
    files = {
        picture.name: f"{name}-{picture.theme}.webp"
        for picture in wanted
        for name in names
        if SCENES[name] == picture.scene
    }
    (DOCS / "images").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for file in take(wanted, Path(folder)):
            target = DOCS / "images" / files[file.stem]
            picture = Image.open(file).convert("RGB")
            for quality in QUALITIES:
                picture.save(target, quality=quality, method=6)
                if target.stat().st_size <= MOST_BYTES:
                    break
            else:
                sys.exit(f"{target} has {target.stat().st_size} bytes, which is more than {MOST_BYTES}.")
            print(target, target.stat().st_size, flush=True)


if __name__ == "__main__":
    main()
