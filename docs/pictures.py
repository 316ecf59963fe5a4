"""Draw the pictures of the README: `python docs/pictures.py` (needs playwright and a Chromium)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

TOP = Path(__file__).resolve().parent.parent
AT = "2026-11-20T07:00"


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as out, sync_playwright() as play:
        subprocess.run([sys.executable, "-m", "digest", "build", "-q", "--at", AT, "--out", out], cwd=TOP, check=True)
        page_file = next(Path(out).rglob("issue.html"))
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = play.chromium.launch(executable_path=chromium, args=[*arguments, "--disable-gpu"])
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": 720, "height": 900},
                device_scale_factor=1.5,
                color_scheme=scheme,
                java_script_enabled=False,
            )
            page.goto(page_file.as_uri())
            page.screenshot(path=TOP / "docs" / "images" / f"issue-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main()
