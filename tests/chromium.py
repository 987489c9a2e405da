"""Start a Chromium for the tests, as root or as an ordinary user. Without one, the tests fail and say what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# Of several such flags the last holds, so that what Playwright switches off stands here too.
PLAYWRIGHTS = (
    "AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,"
    "PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning"
)
# Pages of the address bar's, which nobody sees: each window, and so each test, would load two of them.
ADDRESS_BARS = "AimEnabled,AimPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup"

FLAGS = (
    f"--disable-features={PLAYWRIGHTS},{ADDRESS_BARS}",
    "--no-sandbox",  # a container's root cannot have one
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
)


def executable() -> str:
    """Path of the browser: the environment's CHROMIUM, else the first one installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found or not os.access(found, os.X_OK):
        raise RuntimeError(
            f"No Chromium to run the browser tests with (found: {found!r}). "
            "Install it, e.g. `apt-get install chromium`, or set CHROMIUM to its path."
        )
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that is closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
