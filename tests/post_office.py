"""Where messages arrive in tests: a real mail server and a real webhook on this machine, and fresh figures to tell."""

import json
import shutil
import socket
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import small_warehouse as small
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

PASSWORD = "correct-horse-battery"
CURRENT = ("salesforce", "business_central")


class Mailbox:
    """A mail server. `refuses` names recipients it does not take, and the code it says so with."""

    def __init__(self, **options):
        self.mails: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return f"{self.refuses[address]} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.original_content, policy=policy.default))
        return "250 OK"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    def subjects(self, to: str | None = None) -> list[str]:
        """As a reader sees them: a blank that holds is a blank."""
        return [mail["Subject"].replace("\u00a0", " ") for mail in self.mails if to in (None, mail["To"])]


def guarded() -> Mailbox:
    """A mail server that lets nobody in but the one who knows the password, and repeats what it was told."""

    def allowed(server, session, envelope, mechanism, data):
        is_right = data.password == PASSWORD.encode()
        return AuthResult(
            success=is_right, handled=is_right, message=None if is_right else f"535 {data.password.decode()}"
        )

    return Mailbox(authenticator=allowed, auth_required=True, auth_require_tls=False)


class Webhook:
    """A place to post to; `answers` are the statuses of the next posts, 200 after them."""

    def __init__(self, headers=None):
        self.posts: list[dict] = []
        self.answers: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"]))
                status = hook.answers.pop(0) if hook.answers else 200
                if status == 200:
                    hook.posts.append(json.loads(content))
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/services/T0/secret-token"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def publish(data_dir: Path, number: int = 1, revenue: int = 0, hours: dict | None = None, more=()) -> Path:
    """A generation whose sources were loaded an hour ago, or as many `hours` ago as is said of each.

    `revenue` is added to the first sale, `more` are rows of a test's own: pairs of a table and its columns' values.
    """
    folder = data_dir / "generations" / f"{number:06d}-20261121T060000Z"
    folder.mkdir(parents=True)
    file = folder / "warehouse.duckdb"
    shutil.copy(Path(_made().name) / "warehouse.duckdb", file)
    with duckdb.connect(str(file)) as con:
        for source in CURRENT:
            moment = now() - timedelta(hours=(hours or {}).get(source, 1))
            told = [moment, moment, source]
            con.execute("update marts.source_loads set loaded_at = ?, data_as_of = ? where source = ?", told)
        con.execute(
            "update marts.customer_profitability set revenue_amount = revenue_amount + ?, cm1_amount = cm1_amount + ?"
            " where customer_key = 'alfa' and month = '2026-10-01'",
            [revenue, revenue],
        )
        for table, row in more:
            names, values = ", ".join(row), ", ".join("?" * len(row))
            con.execute(" ".join(("insert into", table, "(", names, ") values (", values, ")")), list(row.values()))
    small.point(data_dir, folder)
    return folder


@lru_cache(maxsize=1)
def _made() -> tempfile.TemporaryDirectory:
    """The small warehouse, made once: most of a test's time would go into making it."""
    folder = tempfile.TemporaryDirectory()
    small.publish(Path(folder.name))
    return folder


def log(data_dir: Path) -> list[dict]:
    return [json.loads(line) for line in (data_dir / "sent.jsonl").read_text().splitlines()]


def text(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()
