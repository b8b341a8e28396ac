"""What MkDocs calls: pages made from the code, and the sources of the methods page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import code_reference
import commands
import notebook_pages
import sources
import study_file
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that nobody types: commands, study file, presets, instruments, names."""
    pages = {
        "reference/commands.md": commands.page(),
        "reference/study-file.md": study_file.page(),
        "reference/presets.md": study_file.presets_page(),
        "reference/instruments.md": study_file.instruments_page(),
        "notebooks/index.md": notebook_pages.page(ROOT / "notebooks"),
        **code_reference.pages(),
    }
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    for path in notebook_pages.notebooks(ROOT / "notebooks"):
        files.append(File.generated(config, f"notebooks/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the references of the code where a page asks for them."""
    return sources.filled(markdown)
