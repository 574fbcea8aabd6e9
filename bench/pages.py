"""The pages in a browser beside a server whose monitors all run: web/browser/scale.mjs measures, this tells its figures as the others are told."""
import json
import subprocess

import harness


def measure(options):
    web = harness.ROOT / "web"
    if not (web / "node_modules/playwright-core").exists():
        raise SystemExit("the pages' modules are missing: run scripts/web first")
    run = subprocess.run(["node", "browser/scale.mjs", "--monitors", str(options.monitors), "--interval", str(options.interval), "--json"],
                         cwd=web, stdout=subprocess.PIPE, text=True)
    if not run.stdout.strip():
        raise SystemExit("web/browser/scale.mjs measured nothing")
    return json.loads(run.stdout), run.returncode != 0
