"""A real IMAP server (Debian's dovecot-imapd) as a process of its own, on a free port, with all it writes in one folder."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

CONFIGURATION = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
ssl = {ssl}
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{base}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password=geheim
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home
}}
namespace inbox {{
  inbox = yes
}}
"""


@dataclass
class Dovecot:
    """A running server; the user `reader` has the password `geheim`."""

    base: Path
    plain: int
    secure: int
    process: subprocess.Popen[bytes]

    @property
    def certificate(self) -> Path:
        return self.base / "cert.pem"

    @property
    def mail(self) -> Path:
        return self.base / "mail"

    def deliver(self, message: bytes, folder: str = "") -> None:
        """Put a message into a folder of the mailbox (Maildir++: the inbox is the top)."""
        box = self.mail / (f".{folder}" if folder else "")
        for name in ("tmp", "new", "cur"):
            (box / name).mkdir(parents=True, exist_ok=True)
        number = sum(1 for _ in (box / "new").iterdir()) + sum(1 for _ in (box / "cur").iterdir())
        (box / "tmp" / "x").write_bytes(message)
        owner = self.mail.stat()
        for path in (box, *(box / name for name in ("tmp", "new", "cur")), box / "tmp" / "x"):
            os.chown(path, owner.st_uid, owner.st_gid)
        (box / "tmp" / "x").rename(box / "new" / f"{1_700_000_000 + number}.M{number}.test")

    def flags(self) -> list[str]:
        """The flags of the inbox's messages, as the Maildir shows them."""
        files = [*(self.mail / "new").iterdir(), *(self.mail / "cur").iterdir()]
        return sorted(file.name.partition(":2,")[2] for file in files)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def start(base: Path) -> Dovecot:
    """Run a server; raises RuntimeError with its log when it does not come up."""
    plain, secure = _free_port(), _free_port()
    for name in ("run", "state", "home", "mail/new", "mail/cur", "mail/tmp"):
        (base / name).mkdir(parents=True)
    _certify(base)
    keeper = pwd.getpwnam("dovecot") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())
    text = CONFIGURATION.format(
        base=base,
        plain=plain,
        secure=secure,
        user=keeper.pw_name,
        login="dovenull" if os.geteuid() == 0 else keeper.pw_name,
        group=grp.getgrgid(keeper.pw_gid).gr_name,
        uid=keeper.pw_uid,
        gid=keeper.pw_gid,
        ssl="yes",
    )
    if os.geteuid() == 0:  # it will not serve root's mail; the programs run as its own users
        base.chmod(0o755)
        for folder in (base / "home", base / "mail", *(base / "mail").iterdir()):
            os.chown(folder, keeper.pw_uid, keeper.pw_gid)
    (base / "dovecot.conf").write_text(text)
    with (base / "stderr").open("wb") as complaints:
        process = subprocess.Popen(
            [PROGRAM or "dovecot", "-F", "-c", str(base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
    server = Dovecot(base, plain, secure, process)
    wait_until(lambda: process.poll() is not None or _answers(plain))
    if process.poll() is None:
        return server
    server.stop()
    log = (base / "log").read_text("utf-8", "replace") if (base / "log").exists() else ""
    raise RuntimeError(log + (base / "stderr").read_text("utf-8", "replace"))


def _certify(base: Path) -> None:
    """A certificate for localhost that only tests trust."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2"]
    files = ["-keyout", str(base / "key.pem"), "-out", str(base / "cert.pem")]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as caller:
            caller.settimeout(0.5)
            return caller.recv(20).startswith(b"* OK")
    except OSError:
        return False
