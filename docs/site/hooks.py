"""What `mkdocs build` does beyond its plugins: pages from other folders, and what pages show of the package itself.

Notebooks, CONTRIBUTING.md and CHANGELOG.md stay where they are, and their links too, so that they also lead somewhere
in a repository. Here they become pages of the site. In a page of `docs/`

    <!-- traits ProbeExplorer -->    becomes the table of that widget's traits,
    <!-- keys explorer -->           what its `?` says,
    <!-- live explorer -->           a live page that `docs/site/live.py` has written,
    <!-- ours pw.codelength( -->     what a notebook's cell with that code has shown, or else what the page's own lines
                                     have, which `docs/site/shown.py` has run,
    <!-- ours 07 control=3 -->       the same of a certain notebook, where it has such a cell,
    ![..](images/x-light.webp)       that picture in the light theme, and its twin in the dark one.
"""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LIVE, SHOWN = ROOT / "build" / "live", ROOT / "build" / "shown"
sys.path[:0] = [str(HERE), str(ROOT)]

import tables
from shown import little, notebook_of

from notebooks import as_markdown, title_of

BESIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages that stand beside `docs/` -> what they are called in the site."""
TALLER = {"explorer": 640, "errors": 760, "compare": 620}
"""Heights of live pages (px) until they are loaded, and where a browser lets no page measure another."""
_told: dict[str, str] = {}
"""Page -> its first sentence, for `llms.txt`."""


def listed() -> list[Path]:
    """The notebooks, in their order."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def on_config(config: Any) -> Any:
    """Put notebooks and reference where the navigation names them."""
    generated = {
        "notebooks": [{title_of(path): f"notebooks/{path.stem}.md"} for path in listed()],
        "reference": [{chapter.title: chapter.page} for chapter in tables.chapters()],
    }
    for section in config.nav:
        for title, pages in section.items():
            section[title] = generated.get(pages, pages) if isinstance(pages, str) else pages
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are not in `docs/`."""
    for path in listed():
        text, pictures = as_markdown(path)
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=text))
        for name, data in pictures.items():
            files.append(File.generated(config, f"notebooks/{name}", content=data))
    for beside, page in BESIDE.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / beside)))
    for chapter in tables.chapters():
        files.append(File.generated(config, chapter.page, content=tables.reference(chapter)))
    for folder, kind, into in ((LIVE, "*.html", "live"), (SHOWN, "*.png", "methods")):
        for path in sorted(folder.glob(kind)):
            files.append(File.generated(config, f"{into}/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Fill in what the package says of itself; lead links that leave `docs/` to the pages that stand for them here."""
    source = page.file.src_uri
    beside = {page: name for name, page in BESIDE.items()}
    home = posixpath.dirname(beside.get(source) or (source if source.startswith("notebooks/") else f"docs/{source}"))
    up = posixpath.relpath(".", posixpath.dirname(source) or ".")
    markdown = re.sub(r"<!-- traits (\w+) -->", lambda name: tables.traits(name[1]), markdown)
    markdown = re.sub(r"<!-- keys (\w+) -->", lambda name: tables.keys(name[1]), markdown)
    markdown = re.sub(r"<!-- live (\w+) -->", lambda name: frame(name[1], up), markdown)
    markdown = re.sub(
        r"<!-- ours (?:(\d\d) )?(.+?) -->",
        lambda wanted: ours(wanted[1], wanted[2], posixpath.basename(source)),
        markdown,
    )
    markdown = re.sub(r"!\[([^\]]*)\]\((\S+)-light\.webp\)", twins, markdown)
    markdown = re.sub(r"\[[\w/]+\.(?:md|ipynb)\]\(([^)#\s]+)([^)]*)\)", lambda link: called(link, home), markdown)
    if not source.startswith("reference/"):
        markdown = re.sub(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)", lambda link: led(link[0], home, source), markdown)
    _told[source] = first_sentence(markdown)
    return markdown


def frame(name: str, up: str) -> str:
    """A live page, in the page."""
    looks = f'class="live" title="Live: {name}" loading="lazy" style="height: {TALLER[name]}px"'
    return f'<iframe {looks} src="{up}/live/{name}.html"></iframe>'


def ours(number: str | None, code: str, page: str) -> str:
    """What a notebook has stored for a cell with this code, and which that is; else what the page's own lines gave.

    Raises:
        PluginError: Neither a notebook nor `docs/site/shown.py` has run it.
    """
    if told := notebook_of(number, code):
        path, shown = told
        return f"{shown}\n\nThis stands in [{path.stem}](../../notebooks/{path.name})."
    kept = SHOWN / page
    if not kept.is_file():
        raise PluginError(f"Nothing has run the lines of {page}: python docs/site/shown.py build/shown")
    return f"### What the lines above print\n\n{little(kept.stem)}\n\n{kept.read_text(encoding='utf-8')}"


def twins(picture: re.Match[str]) -> str:
    """A picture in each theme."""
    return "".join(f"![{picture[1]}]({picture[2]}-{theme}.webp#only-{theme})" for theme in ("light", "dark"))


def called(link: re.Match[str], home: str) -> str:
    """A link that shows the name of a file, as one that shows the title of the page."""
    path = ROOT / posixpath.normpath(posixpath.join(home, link[1]))
    if path.suffix != ".md" or not path.is_file():
        return f"[{path.stem}]({link[1]}{link[2]})"
    title = re.search(r"^# (.*)$", path.read_text(encoding="utf-8"), re.M)
    return f"[{title[1] if title else path.stem}]({link[1]}{link[2]})"


def led(link: str, home: str, source: str) -> str:
    """A link of a file in the folder `home` of the repository, as one of the site's page `source`."""
    target = posixpath.normpath(posixpath.join(home, link))
    if target in BESIDE:
        target = BESIDE[target]
    elif target.startswith("notebooks/"):
        target = re.sub(r"\.ipynb$", ".md", target)
    else:
        target = target.removeprefix("docs/")
    return posixpath.relpath(target, posixpath.dirname(source) or ".")


def first_sentence(markdown: str) -> str:
    """Of the first paragraph that is text."""
    for part in re.split(r"\n\s*\n", re.sub(r"^```.*?^```", "", markdown, flags=re.S | re.M)):
        if re.match(r"[\w`*]", part):
            line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(part.split()))
            return re.split(r"(?<=[.?])\s|:\s", line)[0]
    return ""


def on_nav(nav: Any, config: Any, files: Files) -> Any:
    """Keep the pages in the order in which they are shown."""
    config.extra["pages"] = [page.file for page in nav.pages]
    return nav


def on_post_build(config: Any) -> None:
    """Write `llms.txt`: every page with its address, its title and its first sentence."""
    lines = [f"# {config.site_name}", "", f"> {config.site_description}", ""]
    for file in config.extra["pages"]:
        told = _told.get(file.src_uri, "")
        lines.append(f"- [{file.page.title}]({file.url})" + (f": {told}" if told else ""))
    (Path(config.site_dir) / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
