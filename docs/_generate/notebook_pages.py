"""The page of notebooks: the first words of each, and the notebook itself to keep."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["notebooks", "page"]

HEAD = """# Notebooks

Each is the same job as a how-to page, done from Python in Jupyter. Save a notebook from here (or
take it from the folder `notebooks/` of the checkout), and open it with `jupyter lab`. Jupyter is
not part of relsurvey: `pip install jupyterlab`, in the same environment. They run as they are,
on the sample study.
"""


def notebooks(folder: Path) -> list[Path]:
    """Return the notebooks in their order."""
    return sorted(folder.glob("*.ipynb"))


def page(folder: Path) -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    for path in notebooks(folder):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        title, _, text = "".join(cells[0]["source"]).partition("\n")
        parts.append(f"## {title.lstrip('# ')}\n\n{text.strip()}\n\n[{path.name}]({path.name})\n")
    return "\n".join(parts)
