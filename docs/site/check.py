"""Look over the built site: every link leads to a page and a heading of it, and no page asks another host for anything.

    python docs/site/check.py build/site

MkDocs looks at the links of Markdown alone; what plugins, the theme and embedded pages write is seen here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "object": "data", "link": "href"}
"""Elements that a browser fetches something for by itself -> where they say what."""
UNFETCHED = {"canonical", "next", "prev", "alternate"}
"""Links of a head that are only told."""
OUTSIDE = re.compile(r"(?i)^(?:https?:)?//|^wss?:")


class Page(HTMLParser):
    """The ids of a page, and what it links to and fetches."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says."""
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        told = tag == "link" and given.get("rel") in UNFETCHED
        if FETCHED.get(tag, "") in given and not told:
            self.fetched.add(given[FETCHED[tag]])


class Site:
    """All files of a built site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @cached_property
    def pages(self) -> dict[Path, Page]:
        """Its HTML."""
        return {path: Page(path) for path in sorted(self.folder.rglob("*.html"))}

    def faults(self) -> Iterator[str]:
        """In a sentence each: what leads nowhere, and what comes from elsewhere."""
        for page in self.pages.values():
            where = page.path.relative_to(self.folder)
            yield from (f"{where} fetches {link}" for link in sorted(page.fetched) if OUTSIDE.match(link))
            for link in sorted(page.links | page.fetched):
                if not re.match(r"[a-z]+:|//", link) and not self.leads(page, link):
                    yield f"{where} links to {link}, which is not there"
        for path in sorted(self.folder.rglob("*.css")):
            for link in re.findall(r"(?:@import|url\()\s*[\"']?([^\"')]+)", path.read_text(encoding="utf-8")):
                if OUTSIDE.match(link):
                    yield f"{path.relative_to(self.folder)} fetches {link}"

    def leads(self, page: Page, link: str) -> bool:
        """Whether a link of a page leads to a file of the site, and to a place in it."""
        address, place = urldefrag(link)
        address = address.split("?")[0]
        target = (self.folder / address.lstrip("/")) if address.startswith("/") else (page.path.parent / address)
        target = Path(unquote(str(target))).resolve() if address else page.path
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file():
            return False
        return not place or target not in self.pages or unquote(place) in self.pages[target].ids


def main() -> None:
    """Tell every fault, and end with 1 if there are any."""
    site = Site(Path(sys.argv[1] if len(sys.argv) > 1 else "build/site"))
    if not site.pages:
        sys.exit(f"There is no site in {site.folder}.")
    faults = list(site.faults())
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(site.pages)} pages looked at, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
