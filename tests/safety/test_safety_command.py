"""`triage rules docs` writes the safety page beside the rule book's, and finds it stale or its file unclear."""

from pathlib import Path

from click.testing import CliRunner, Result

from service.cli.program import program


def docs(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(program, ["rules", "docs", "--output", str(folder / "rules.html"), *options])


def test_a_stale_safety_page_is_told_from_a_fresh_one(tmp_path: Path) -> None:
    page = tmp_path / "safety.html"
    assert docs(tmp_path).exit_code == 0
    assert docs(tmp_path, "--check").exit_code == 0
    written = page.read_bytes()
    page.write_bytes(written + b" ")
    stale = docs(tmp_path, "--check")
    assert (stale.exit_code, f"{page}: stale" in stale.stderr) == (1, True)
    page.unlink()
    missing = docs(tmp_path, "--check")
    assert (missing.exit_code, f"{page}: missing" in missing.stderr) == (1, True)
    assert docs(tmp_path).exit_code == 0
    assert page.read_bytes() == written


def test_a_safety_file_that_is_not_there_is_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    result = docs(tmp_path, "--safety", str(tmp_path / "elsewhere"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
