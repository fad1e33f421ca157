"""manage.py run: the whole platform on one machine, until Ctrl-C."""

import argparse
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from lms.roster.queries import register_is_empty

from ...demonstration import PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Prepare the embedded database, load the demonstration if it is empty, start server and worker."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--workers", type=int, default=1)
        parser.add_argument("--empty", action="store_true", help="load no demonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        if not options["empty"] and settings.DEMONSTRATION and register_is_empty():
            self.stderr.write("The database is empty: loading the demonstration and the starter courses …")
            call_command("load_starter", stderr=self.stderr)
            call_command("load_demo", stderr=self.stderr)
        self._welcome(options["host"], options["port"])
        sys.exit(_serve(options["host"], options["port"], options["workers"]))

    def _welcome(self, host: str, port: int) -> None:
        self.stdout.write(f"\n  Vững:  http://{host}:{port}\n")
        if settings.DEMONSTRATION:
            self.stdout.write(f"\n  Đăng nhập trình diễn, mật khẩu chung: {PASSWORD}\n")
            for person in SIGN_INS:
                self.stdout.write(f"    {person.username:<12} {person.who}")
        self.stdout.write("\n  Ctrl-C dừng tất cả.\n")


def _serve(host: str, port: int, workers: int) -> int:
    """Server and worker side by side; when one ends, or at Ctrl-C, both end."""
    programs = [
        [
            str(Path(sys.executable).with_name("granian")),
            *("--interface", "wsgi", "--host", host, "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", "2", "--no-ws", "--log-level", "warning"),
            "lms.config.wsgi:application",
        ],
        [sys.executable, "manage.py", "work"],
    ]
    environment = {**os.environ, "BASE_URL": os.environ.get("BASE_URL", f"http://{host}:{port}")}
    running = [subprocess.Popen(line, cwd=settings.ROOT, env=environment) for line in programs]
    over = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not over.wait(0.3):
        if any(program.poll() is not None for program in running):
            break
    for program in running:
        if program.poll() is None:
            program.terminate()
    codes = [_ended(program) for program in running]
    return 0 if over.is_set() else max(codes)


def _ended(program: "subprocess.Popen[bytes]") -> int:
    try:
        return abs(program.wait(timeout=15))
    except subprocess.TimeoutExpired:
        program.kill()
        return program.wait()
