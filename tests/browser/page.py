"""page.py BUILD_FOLDER: plays a quarter of an office, signs managers in over the chat and drives their page in headless
Chromium by page.mjs. SDK names the folder whose node_modules has playwright-core; SHOTS a folder for screenshots."""

import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from page_office import *  # noqa: E402,F403 - the test library is made for this

sdk = os.environ.get("SDK", "/nonexistent")
if not shutil.which("node") or not shutil.which("chromium") or not pathlib.Path(sdk, "node_modules/playwright-core").is_dir():
    print("skipped: node, chromium or playwright-core is not there")
    sys.exit(MISSING)

with office() as one:
    one.quarter()
    # the small team has a link of its own, to a page on which nearly nothing is shown
    links = {"PAGE_LINK": one.link("kim"), "PAGE_LINK_SMALL": one.link("nora")}
    base = f"http://127.0.0.1:{one.gritd.port}"
    done = subprocess.run(["node", str(pathlib.Path(__file__).with_name("page.mjs"))],
                          env={**os.environ, **links, "PAGE_URL": base}, timeout=8 * WAIT_S, check=False)
sys.exit(done.returncode)
