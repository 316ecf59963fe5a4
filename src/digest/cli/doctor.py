"""`digest doctor`: finds what would keep the next issue from going out, and says the remedy."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from digest.app.doctor import examine
from digest.app.doctor.finding import Diagnosis
from digest.cli.options import Console, config_option, json_option, out_option, print_json, printable_line
from digest.clock import Clock
from digest.errors import ConfigError


@click.command("doctor", short_help="Find what would keep the next issue from going out.")
@config_option
@out_option
@click.option("--online", is_flag=True, help="Look at the sender's SPF, DMARC and DKIM in the DNS as well.")
@json_option
def command(config_path: Path, out: Path, *, online: bool, as_json: bool) -> int:
    """Look at everything the next issue depends on: clock, configuration, templates, sources, schedule, mail servers
    (called and logged in at; nothing is sent), store, what failed or waits, disk.

    Exit code 0 when nothing fails (warnings are shown), else 1; 3 when the configuration cannot be read.

    \b
    Example:
      digest doctor
    """
    findings = list(examine(config_path, out, Clock().start, online=online))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print_diagnosis(finding)
    if any(finding.state == "failed" and finding.subject == "configuration" for finding in findings):
        return ConfigError.exit_code
    return 1 if any(finding.state == "failed" for finding in findings) else 0


def print_diagnosis(finding: Diagnosis) -> None:
    """One line, and a second one with the remedy."""
    marks = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "failed": ("✗", "red")}
    mark, colour = marks[finding.state]
    line = click.style(mark, fg=colour) + printable_line(f" {finding.subject}: {finding.detail}")
    click.echo(line, color=Console().colour if sys.stdout.isatty() else False)
    if finding.remedy:
        click.echo(printable_line(f"    {finding.remedy}"))
