"""What the package brings, looked at without installing it: the systemd unit and its rating, the example configuration, the scripts."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEB = ROOT / "packaging/deb"
TOCSIN = os.environ["TOCSIN_BINARY"]
EXPOSURE_MAX = 1.5  # of 10, as systemd-analyze rates it


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def uncommented(text):
    """The examples in it switched on, in place of the empty list of monitors; prose has exactly one space behind its #."""
    return "\n".join(re.sub(r"^#(?! \S)", "", line) for line in text.split("\n") if line != "monitors: {}")


class Package(unittest.TestCase):
    def scratch(self):
        folder = tempfile.mkdtemp(prefix="tocsin-unit-")
        self.addCleanup(shutil.rmtree, folder)
        return pathlib.Path(folder)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is missing")
    def test_the_unit_is_right_and_tight(self):
        unit = self.scratch() / "tocsin.service"
        unit.write_text((DEB / "tocsin.service").read_text().replace("/usr/bin/tocsin", TOCSIN))
        status, said = run("systemd-analyze", "verify", "--man=no", str(unit))
        self.assertEqual([line for line in said.split("\n") if "tocsin" in line], [], said)
        self.assertEqual(status, 0, said)
        status, said = run("systemd-analyze", "security", "--offline=true", "--no-pager", str(unit))
        rated = re.search(r"Overall exposure level for tocsin.service: ([0-9.]+)", said)
        self.assertTrue(rated, said)
        self.assertLessEqual(float(rated[1]), EXPOSURE_MAX, said)
        print(f"exposure {rated[1]}")

    # Who takes the comment signs away must not be told that it is wrong.
    def test_the_example_configurations_are_valid(self):
        folder = self.scratch()
        secret = folder / "secret"
        secret.write_text("of the mail server")
        shipped = (DEB / "tocsin.yaml").read_text()
        switched_on = uncommented(shipped).replace("/run/credentials/tocsin.service/smtp_password", str(secret))
        self.assertIn("\nmonitors:\n", switched_on)
        container = (ROOT / "packaging/container/config/tocsin.yaml").read_text()
        for text, monitors in ((shipped, 0), (container, 0), (switched_on, 2)):
            (folder / "tocsin.yaml").write_text(text)
            status, said = run(TOCSIN, "validate", "--json", str(folder / "tocsin.yaml"))
            self.assertEqual((status, json.loads(said)["monitors"]), (0, monitors), said)

    def test_scripts_are_scripts(self):
        for script in ("tocsin.postinst", "tocsin.postrm"):
            self.assertEqual(run("sh", "-n", str(DEB / script)), (0, ""), script)
        status, completion = run(TOCSIN, "completion", "bash")
        self.assertEqual(status, 0)
        asked = completion + '\nCOMP_WORDS=(tocsin se); COMP_CWORD=1; _tocsin; echo "${COMPREPLY[@]}"'
        self.assertEqual(run("bash", "-c", asked), (0, "serve setup-link\n"))

    # Pages of everything that can be called, and none that a reader of pages complains about.
    @unittest.skipUnless(shutil.which("groff"), "groff is missing")
    def test_manual_pages_are_pages(self):
        folder = self.scratch()
        self.assertEqual(run(TOCSIN, "man", "--write", str(folder)), (0, ""))
        pages = sorted(folder.iterdir())
        self.assertGreater(len(pages), 10)
        for page in pages:
            self.assertEqual(run("groff", "-man", "-Tutf8", "-z", "-ww", str(page)), (0, ""), page.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
