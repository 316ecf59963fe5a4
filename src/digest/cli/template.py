"""`digest template list|eject|check`: the look of an issue, as files of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import (
    config_option,
    edition_option,
    json_option,
    load_config,
    pick_edition,
    print_json,
    printable_line,
)


@click.group("template", short_help="List, copy or check the templates of issues.")
def command() -> None:
    """List, copy or check the templates of issues.

    \b
    Example:
      digest template eject --to templates footer.html
    """


@command.command("list", short_help="Name the built-in templates and their parts.")
@json_option
def list_command(*, as_json: bool) -> int:
    """Name the built-in templates and the parts each one is made of.

    \b
    Example:
      digest template list
    """
    from digest.stages.render import part_names, template_names

    made = {name: part_names(name) for name in template_names()}
    if as_json:
        print_json(made)
        return 0
    for name, parts in made.items():
        click.echo(f"{name}: {' '.join(parts)}")
    return 0


@command.command("eject", short_help="Copy parts of a template into a folder of your own.")
@click.argument("parts", nargs=-1, metavar="[PART]...")
@click.option("--template", default="default", show_default=True, help="The built-in template to copy from.")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("templates"), show_default=True,
    help="Where to; `style.templates` in the configuration must name it.",
)  # fmt: skip
def eject_command(parts: tuple[str, ...], template: str, folder: Path) -> int:
    """Copy parts of a built-in template, or all of them, into a folder; never overwrites.

    A part in your folder replaces the packaged part of the same name: keep the ones you change, delete the rest.

    \b
    Example:
      digest template eject --to templates footer.html footer.txt
    """
    from digest.stages.render import eject_parts

    for path in eject_parts(template, folder, parts):
        click.echo(printable_line(str(path)))
    click.echo(printable_line(f"now set `style: {{templates: {folder}}}` in the configuration"), err=True)
    return 0


@command.command("check", short_help="Prove an edition's template with an issue that uses everything.")
@config_option
@edition_option
@json_option
def check_command(config_path: Path, edition_key: str | None, *, as_json: bool) -> int:
    """Prove an edition's template: syntax, names, inlining, and the gate that every issue passes.

    \b
    Example:
      digest template check --edition nato
    """
    from digest.stages.check import check_letter
    from digest.stages.render import sample_issue, stray_files

    edition = pick_edition(load_config(config_path), edition_key)
    issue = sample_issue(edition.language)
    found = check_letter(edition.renderer.render(issue, number=1), issue)
    lines = [{"level": str(one.level), "code": one.code, "message": one.message} for one in found]
    for path, meant in stray_files(edition.style.template, edition.style.templates) if edition.style.templates else ():
        hint = f"; did you mean {meant}?" if meant else ""
        lines.append({"level": "warning", "code": "part", "message": f"{path}: no template includes it{hint}"})
    if as_json:
        print_json(lines)
    else:
        for line in lines:
            click.echo(printable_line(f"{line['level']}: {line['code']}: {line['message']}"))
    errors = sum(line["level"] == "error" for line in lines)
    warnings = sum(line["level"] == "warning" for line in lines)
    click.echo(f"{errors} errors, {warnings} warnings", err=True)
    return 1 if errors else 0
