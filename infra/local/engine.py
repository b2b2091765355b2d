"""The database of the local stack: the DynamoDB engine `dynoxide`, a native program from npm over a SQLite file."""

import contextlib
import http.client
import logging
import platform
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from infra.local.problem import StartProblem

log = logging.getLogger("infra.local")
VERSION = "1.2.1"
PROJECT = Path(__file__).resolve().parents[2]
# The engine must not outlive us, not even a kill -9: a helper waits on a pipe that only we hold and ends the engine
# when the pipe closes without a word. (A parent-death signal would be tied to the thread that started the engine.)
_GUARD = 'exec 3<&0; { read -r word <&3 || kill -9 $$; } & exec "$@" 3<&- </dev/null'


class EngineMissing(Exception):
    """The engine is neither installed nor can be fetched; the message says why."""


def package_name() -> str:
    """The npm package for this machine."""
    system = "win32" if sys.platform == "win32" else sys.platform
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine())
    return f"@dynoxide/{system}-{machine}"


def find_engine(project: Path = PROJECT) -> Path:
    """The engine's program in node_modules, fetched by npm where it is not there yet; EngineMissing otherwise."""
    program = project / "node_modules" / package_name() / "dynoxide"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise EngineMissing("the database engine is not installed and npm, which fetches it, is not on this machine")
    log.info("Fetching the database engine with npm (8 MB, once) ...")
    command = [npm, "install", "--no-save", "--no-audit", "--no-fund", f"{package_name()}@{VERSION}"]
    try:
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineMissing(f"npm could not fetch the database engine ({error})") from error
    if not program.exists():
        reason = next((line for line in done.stderr.splitlines() if "error" in line), "no reason given")
        raise EngineMissing(f"npm could not fetch {package_name()} ({reason.strip()})")
    return program


class Engine:
    """The engine as a child process on a SQLite file; started again should it ever end by itself."""

    def __init__(self, program: Path, database: Path, port: int, inherit: tuple[int, ...] = ()) -> None:
        self._command = [str(program), "--host", "127.0.0.1", "--port", str(port), "--db-path", str(database)]
        self._inherit = inherit
        self._stopping = threading.Event()
        self._proven = False
        self._log = database.with_suffix(".log")
        self.database = database
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Starts the process; `wait` says when it answers."""
        output = self._log.open("wb")
        try:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "engine", *self._command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in a terminal reaches its whole group: we end the engine ourselves, after everything else.
                start_new_session=True,
                pass_fds=self._inherit,
            )
        finally:
            output.close()
        threading.Thread(target=self._watch, args=(self.process,), name="engine", daemon=True).start()

    def wait(self, seconds: float = 60.0) -> None:
        """Returns when the engine answers; StartProblem when it ended or does not within the time."""
        end = time.monotonic() + seconds
        while not self._answers():
            failed = self.process.poll() is not None and not self._proven
            if failed or time.monotonic() > end:
                told = self._log.read_text(errors="replace").strip()[-400:]
                raise StartProblem(
                    f"The database engine did not start: {told or 'it says nothing'}\n"
                    f"Its file is {self.database}; --data names another folder."
                )
            time.sleep(0.01)
        self._proven = True
        self._index_stream()

    def stop(self) -> None:
        """Ends the process in order: it closes its file."""
        self._stopping.set()
        _dismiss_guard(self.process)
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        else:
            return True
        finally:
            connection.close()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """What was committed is on disk, so an engine that worked and then ended by itself is started again."""
        code = process.wait()
        _dismiss_guard(process)
        if self._proven and not self._stopping.is_set():
            log.error("The database engine ended by itself (%s); starting it again.", code)
            time.sleep(0.2)
            if not self._stopping.is_set():
                self.start()

    def _index_stream(self) -> None:
        """Gives the engine's stream table the index it lacks.

        With a stream, the engine looks for the highest number among all stream records at every write: 9 ms at
        20,000 records and growing, 0.7 ms with this index. Without it all still works, so a failure is no problem.
        """
        with contextlib.suppress(sqlite3.Error), contextlib.closing(self._open()) as database, database:
            database.execute(
                "CREATE INDEX IF NOT EXISTS vulpes_stream_order"
                " ON _stream_records (table_name, CAST(sequence_number AS INTEGER))"
            )

    def trim_stream(self, delivered: int, keep: int = 100) -> None:
        """Forgets stream records that were delivered (AWS does after a day, the engine never); the last ones stay,
        as the engine counts on from them.
        """
        with contextlib.suppress(sqlite3.Error), contextlib.closing(self._open()) as database, database:
            database.execute(
                "DELETE FROM _stream_records WHERE CAST(sequence_number AS INTEGER) <= ?"
                " AND id <= (SELECT MAX(id) FROM _stream_records) - ?",
                (delivered, keep),
            )

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.database, timeout=5)


def _dismiss_guard(process: subprocess.Popen[bytes]) -> None:
    """Lets the helper go with a word: it must not end whoever has the number of a process that is no more."""
    # The pipe may be closed already, or the helper gone with the process.
    with contextlib.suppress(OSError, ValueError):
        if process.stdin:
            process.stdin.write(b"over\n")
            process.stdin.close()
