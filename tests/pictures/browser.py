"""A real headless browser, controlled through the DevTools protocol over two pipes."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from select import select
from time import monotonic, sleep

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1000,800",
    "--remote-debugging-pipe",
]
TIMEOUT_SECONDS = 20


def browser_path():
    """The path of the browser, or None; only on Unix can it be given pipes by number."""
    paths = map(shutil.which, NAMES if os.name == "posix" else ())
    return next(filter(None, paths), None)


class Page:
    """A tab. logged: its console messages, including errors. requests: the addresses it requested."""

    def __init__(self, send, receive):
        self._send, self._receive, self._last = send, receive, 0
        self._session = None
        self.logged, self.requests = [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """Call a method of the protocol and return its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        self._send({**message, **({"sessionId": self._session} if self._session else {})})
        while (answer := self._receive()).get("id") != self._last:
            self._note(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _note(self, event):
        method, params = event.get("method"), event.get("params", {})
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.logged.append(params)
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    def open(self, address):
        """Open an address and wait until it is loaded."""
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression):
        """Return the value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, expression):
        """Wait until an expression is true and return its value."""
        end = monotonic() + TIMEOUT_SECONDS
        while not (value := self.evaluate(expression)):
            assert monotonic() < end, f"timed out waiting for {expression}"
            sleep(0.02)
        return value

    def mouse(self, kind, x, y, **more):
        """Send a mouse event: mouseMoved, mousePressed, mouseReleased or mouseWheel."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def key(self, key, text="", **more):
        """Press and release a key."""
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=text, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **more)

    def write(self, text):
        """Insert a text at the cursor."""
        self.call("Input.insertText", text=text)


@contextmanager
def browser(program, profile) -> Iterator[Page]:
    """Yield a tab of a browser that ends with the block. profile: an empty folder."""
    import fcntl  # missing on Windows

    (to_read, send), (receive, to_write) = os.pipe(), os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_read, to_write)]

    def set_pipes():
        for number, end in zip((3, 4), high, strict=True):
            os.dup2(end, number)

    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={profile}"],
        preexec_fn=set_pipes,  # noqa: PLW1509 - the browser reads from 3 and writes to 4
        close_fds=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in (to_read, to_write, *high):
        os.close(end)
    buffer = bytearray()

    def send_message(message):
        os.write(send, json.dumps(message).encode() + b"\0")

    def next_message():
        while b"\0" not in buffer:
            ready, _, _ = select([receive], [], [], TIMEOUT_SECONDS)
            received = os.read(receive, 1 << 16) if ready else b""
            assert received, "the browser has closed its pipe or does not answer"
            buffer.extend(received)
        message, _, rest = bytes(buffer).partition(b"\0")
        buffer[:] = rest
        return json.loads(message)

    try:
        yield Page(send_message, next_message)
    finally:
        process.kill()
        process.wait()
        os.close(send)
        os.close(receive)
