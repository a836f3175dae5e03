"""The development server sees changed code."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

SITE = '''
from nuages import Nuages
from texts import TEXT

app = Nuages(debug=True)


@app.get("/")
def home(request):
    return TEXT


if __name__ == "__main__":
    app.run(port={port})
'''


def answers(port: int, text: bytes) -> bool:
    """Whether the server says so within half a minute."""
    for _ in range(150):
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                if response.read() == text:
                    return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def test_changed_modules_are_loaded_anew(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "site_of_one_file.py").write_text(SITE.format(port=port))
    (tmp_path / "texts.py").write_text('TEXT = "before"\n')
    kept = {key: value for key, value in os.environ.items() if key != "NUAGES_SETTINGS_MODULE"}
    server = subprocess.Popen(
        [sys.executable, "site_of_one_file.py"], cwd=tmp_path, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert answers(port, b"before")
        time.sleep(1.1)  # a compiled module is compared by whole seconds and size
        (tmp_path / "texts.py").write_text('TEXT = "behind"\n')
        assert answers(port, b"behind")
    finally:
        server.send_signal(signal.SIGINT)
        output, _ = server.communicate(timeout=20)
    assert "Traceback" not in output
