"""`digest explain`: why each sentence is printed, and what became of everything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import complete_issue, json_option, print_json, printable_line
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.archive.outline import PrintedIssue, PrintedStory
    from digest.stages.explain import DocumentEvidence, IssueEvidence

MAX_QUOTE_CHARACTERS = 90  # characters of a dropped piece
MAX_TERMS = 6  # reasons of a story


@click.command("explain", short_help="Show where each sentence comes from and what was left out.")
@click.argument("issue", required=False, shell_complete=complete_issue)
@click.option("--article", metavar="KEY", help="One article as it came, kept and dropped, printed sentences in » «.")
@click.option(
    "--issues", type=click.Path(path_type=Path, file_okay=False), default=Path("issues"), show_default=True,
    help="Where `digest build` saved it.",
)  # fmt: skip
@json_option
def command(issue: str | None, article: str | None, issues: Path, *, as_json: bool) -> int:
    """Show where each sentence of a saved ISSUE (EDITION/SLOT; default: the newest) comes from, why its story is
    under its theme, which articles were merged, and what was left out of them.

    \b
    Example:
      digest explain nato/2026-11-23
      digest explain nato/2026-11-23 --article 004.txt
    """
    from digest.archive.outline import parse_printed_issue
    from digest.archive.read import read_issue_data

    folder = find_saved_issue(issues, issue)
    data, evidence = read_issue_data(folder)
    if evidence is None:
        raise UsageError(f"{folder}: holds no explain.json; `digest build` writes it")
    if article is not None and evidence.find_document(article) is None:
        known = ", ".join(document.key for document in evidence.documents[:20])
        raise UsageError(f"--article: {evidence.issue} has no article {article!r} (it has: {known})")
    if as_json:
        from digest.stages.explain import evidence_as_data as plain

        print_json(plain(evidence))
        return 0
    printed = parse_printed_issue(data)
    for line in (
        explain_article_lines(evidence, printed, article) if article else explain_issue_lines(evidence, printed)
    ):
        click.echo(printable_line(line))
    return 0


def find_saved_issue(issues: Path, name: str | None) -> Path:
    """The folder of a saved issue; UsageError names those that are there."""
    from digest.archive.read import saved_slots

    try:
        editions = sorted(path.name for path in issues.iterdir() if path.is_dir())
    except OSError:
        editions = []
    known = [f"{edition}/{label}" for edition in editions for label in saved_slots(issues, edition)]
    if not known:
        raise UsageError(f"{issues}: holds no issue; `digest build` saves one")
    newest = max(known, key=lambda one: (one.partition("/")[2], one))
    if name is not None and name not in known:
        raise UsageError(f"{issues} holds no issue {name!r} (it holds: {', '.join(known[:20])})")
    return issues / (name or newest)


def explain_issue_lines(evidence: IssueEvidence, printed: PrintedIssue) -> Iterator[str]:
    """The whole issue."""
    from digest.archive.evidence import count_drop_reasons

    dropped = ", ".join(f"{reason} {number}" for reason, number in count_drop_reasons(evidence)) or "nothing"
    merged = len(evidence.documents) - len(printed.entries) - len(evidence.unprinted_documents)
    yield (
        f"{evidence.issue}: {len(evidence.documents)} articles, {len(printed.entries)} stories, {merged} merged, "
        f"{len(evidence.unprinted_documents)} not printed"
    )
    yield f"left out of articles: {dropped}"
    for part in printed.parts:
        yield ""
        yield part.name.upper()
        for entry in part.entries:
            yield from explain_story_lines(entry, evidence.find_document(entry.id))
    if evidence.unprinted_documents:
        reasons = {one.id: one.reason for one in printed.left_out}
        yield ""
        yield "NOT PRINTED"
        for document in evidence.unprinted_documents:
            why = f" ({reasons[document.key]})" if document.key in reasons else ""
            yield f"  {document.key}: {document.title or 'without a headline'}{why}"


def explain_story_lines(entry: PrintedStory, document: DocumentEvidence | None) -> Iterator[str]:
    """One story: reasons, copies, sentences, what was left out."""
    yield f"  {entry.title}{' (headline made)' if entry.title_made else ''} [{entry.id}]"
    if entry.why:
        words = ", ".join(f"{reason.term} {reason.weight:.2f}" for reason in entry.strongest[:MAX_TERMS])
        yield f"    because of: {words} (score {entry.score:.2f})"
    if entry.importance:
        addends = ", ".join(f"{reason.term} {reason.weight:+.2f}" for reason in entry.importance)
        yield f"    importance {sum(reason.weight for reason in entry.importance):.2f}: {addends}"
    if len(entry.days) > 1:
        yield f"    told: {', '.join(f'{day} by {count}' for day, count in entry.days)}"
    for other in document.told if document else ():
        share = f", {100 * other.overlap:.0f} % in the lead" if other.overlap else ""
        yield f"    merged: {other.publisher} [{other.article}], {other.relation}{share}"
    for line in entry.lines:
        yield f"    paragraph {line.paragraph + 1}, {line.start}-{line.end}: {line.text}"
    for piece in document.pieces if document else ():
        if piece.reason:
            yield f"    left out, {piece.reason}: {piece.text[:MAX_QUOTE_CHARACTERS]}{'…' if len(piece.text) > MAX_QUOTE_CHARACTERS else ''}"


def explain_article_lines(evidence: IssueEvidence, printed: PrintedIssue, key: str) -> Iterator[str]:
    """One article, piece by piece."""
    from digest.archive.evidence import pieces_with_quotations

    document = evidence.find_document(key)
    assert document is not None
    yield document.title or "(without a headline)"
    for shown in pieces_with_quotations(document, printed):
        text = "".join(f"»{run.text}«" if run.place else run.text for run in shown.runs)
        yield f"{shown.number:>4}  {text}" if shown.number else f"   -  [{shown.reason}] {text}"
