"""The bench says what it has measured: its arithmetic, its table, its drawing and its README; nothing is timed here."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from sqlalchemy import func, select

from service.edges.store.connect import engine_of
from service.edges.store.migrate import upgrade
from service.edges.store.schema import RECEIVED, VALUE, VERSION
from service.engine.assess import assess
from service.knowledge.load import read_book
from tests.bench import __main__ as bench
from tests.bench import bare_insert, durable, memory, serving, table
from tests.bench.bundle import COUNT, bundled
from tests.bench.copied_rules import with_copies
from tests.bench.drawing import svg
from tests.bench.figures import AT_LEAST, AT_MOST, Figure, Goal, Row, Run, ratio, read_run, write_run
from tests.bench.load import Measured
from tests.bench.moment import authored_now
from tests.bench.plan import Plan
from tests.bench.readme import BEGIN, END, KEPT, README, MarksMissingError, block, shown, with_table
from tests.bench.reasons import Reason, explained, read_reasons
from tests.bench.servers import BUILD
from tests.bench.storable import storable
from tests.engine.situations import WELL, facts_of
from tests.mapping.responses import AUTHORED

RATE = Figure("$triage", (100.0, 120.0, 110.0), "/s")
MET = Figure("by <echo> & others", (0.7, 0.8, 0.75), goal=Goal(AT_LEAST, 0.7))
MISSED = Figure("p99", (3.0, 2.0, 2.6), goal=Goal(AT_MOST, 2.5))
RUN = Run("2 cores", (Row("serving", "3 rounds", (RATE, MET, MISSED)), Row("java", "", (), not_run="no java here")))


@pytest.mark.parametrize(
    ("goal", "value", "is_met", "why"),
    [
        (Goal(AT_LEAST, 0.7), 0.70, True, "at the limit"),
        (Goal(AT_LEAST, 0.7), 0.699, False, "below a floor"),
        (Goal(AT_MOST, 2.5), 2.5, True, "at the limit"),
        (Goal(AT_MOST, 2.5), 2.501, False, "above a ceiling"),
    ],
)
def test_a_goal_is_met_up_to_its_limit(goal: Goal, value: float, is_met: bool, why: str) -> None:
    assert goal.is_met(value) is is_met, why


def test_the_median_of_the_rounds_decides_and_not_the_best() -> None:
    # 2.0, 2.6, 3.0: the least would meet 2.5, the median does not.
    assert (MISSED.median, MISSED.verdict) == (2.6, "missed")
    assert (MET.median, MET.verdict) == (0.75, "met")
    assert RATE.verdict == ""


def test_a_ratio_divides_what_was_measured_in_the_same_round() -> None:
    assert ratio("by", (10.0, 20.0, 90.0), (10.0, 40.0, 30.0)).values == (1.0, 0.5, 3.0)
    with pytest.raises(ValueError, match="shorter"):
        ratio("by", (10.0, 20.0), (10.0,))


def test_percentiles_are_those_of_the_answers() -> None:
    # 1, 2, ... 101: the middle one is 51, and 99 of the 100 steps from the least end at 100.
    measured = Measured(1.0, tuple(float(one) for one in range(1, 102)), 0)
    assert (measured.p50, measured.p99) == (51.0, 100.0)


def test_too_few_answers_have_no_p99() -> None:
    enough, few = (Measured(1.0, (1.0,) * count, 0) for count in (100, 99))
    assert [one.name for one in serving.times("a", [enough, enough])] == ["a: p50", "a: p99"]
    assert [one.name for one in serving.times("a", [enough, few])] == ["a: p50"]


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    assert read_run(tmp_path / "kept.json") is None
    write_run(RUN, tmp_path / "bench" / "kept.json")
    assert read_run(tmp_path / "bench" / "kept.json") == RUN


def test_a_part_measured_anew_takes_the_place_of_the_earlier_one() -> None:
    anew = Run("2 cores", (Row("serving", "5 rounds", (MET,)),))
    assert anew.beside(RUN).rows == (anew.rows[0], RUN.rows[1])
    assert anew.beside(replace(RUN, machine="4 cores")) == anew
    assert anew.beside(None) == anew


def test_the_table_says_each_figure_its_goal_and_its_change_since_the_last_release() -> None:
    kept = Run("another machine", (Row("serving", "", (replace(MET, values=(0.5,)), replace(RATE, values=(55.0,)))),))
    said = "\n".join(table.lines(RUN.rows[0], kept))
    assert re.search(r"\$triage +100 / 110 / 120 /s here\n", said), "absolute: 'here', and compared with nothing"
    assert re.search(r"others +0.70 / 0.75 / 0.80  at least 0.70  met  kept 0.50, \+50.0%\n", said)
    assert re.search(r"p99 +2.00 / 2.60 / 3.00  at most 2.50  missed\n", said)
    assert "NOT RUN: no java here" in "\n".join(table.lines(RUN.rows[1], None))


def test_the_summary_names_what_is_missed_and_what_was_not_run() -> None:
    assert table.summary(RUN) == "goals met: 1 of 2; missed: serving: p99; NOT RUN: java (no java here)"


def test_every_absolute_figure_of_the_readme_says_here_and_no_ratio_does() -> None:
    cells = [line for line in table.markdown(RUN).splitlines() if " / " in line and not line.startswith("| figure")]
    assert [("here" in line) for line in cells] == [True, False, False]


def test_the_table_stands_between_its_marks_and_nothing_else_is_touched() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_table(text, RUN) == f"before\n{BEGIN}\n{shown(RUN)}\n{END}\nafter\n"
    assert block(with_table(text, RUN)) == shown(RUN)
    assert shown(RUN).startswith(table.markdown(RUN))


@pytest.mark.parametrize("text", ["none", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_text_without_a_clear_place_is_refused(text: str) -> None:
    with pytest.raises(MarksMissingError):
        with_table(text, RUN)


def test_the_readme_shows_what_was_kept() -> None:
    kept, text = read_run(KEPT), README.read_text("utf-8")
    if kept is None:
        assert BEGIN not in text, "the README shows figures, and none were kept"
    else:
        assert block(text) == shown(kept)


def test_each_missed_goal_is_named_with_its_figure_its_reason_and_what_was_tried() -> None:
    reason = Reason("serving", "p*", "Why it is so.", "What was tried.")
    said = "**serving**: p99 2.00 / 2.60 / 3.00 (at most 2.50). "
    assert list(explained(RUN, [reason])) == [said + "Why it is so. What was tried."]
    assert list(explained(RUN, [replace(reason, row="java")])) == [said + "No reason is written down yet."]
    assert list(explained(Run("", (replace(RUN.rows[0], figures=(RATE, MET)),)), [reason])) == []


def test_every_goal_that_the_kept_run_misses_has_a_reason_and_every_reason_a_figure_that_is_measured() -> None:
    kept = read_run(KEPT)
    assert kept is not None
    assert [one for one in explained(kept, read_reasons()) if "No reason" in one] == []
    names = [(row.name, figure.name) for row in kept.rows for figure in row.figures if figure.goal]
    assert [one for one in read_reasons() if not any(one.is_of(*name) for name in names)] == []


def test_the_drawing_is_well_formed_and_dark_on_white() -> None:
    drawn = Xml.fromstring(svg(RUN))  # noqa: S314 - it was written a moment ago
    texts = [one for one in drawn.iter() if one.tag.endswith("text")]
    words = " ".join(one.text or "" for one in texts)
    assert all(name in words for name in ("serving: by <echo> & others", "serving: p99", "$triage", "2 cores"))
    assert {one.get("fill") for one in texts} == {"#1a1a1a"}
    first = next(iter(drawn))
    assert (first.get("fill"), first.get("width")) == ("#ffffff", drawn.get("width"))


def test_the_bar_of_a_missed_goal_passes_the_line_and_that_of_a_met_one_does_not() -> None:
    drawn = Xml.fromstring(svg(RUN))  # noqa: S314 - it was written a moment ago
    bars = [one for one in drawn.iter() if one.tag.endswith("rect")][1:3]
    # The line stands at half of 300: a floor of 0.7 with 0.75 is 140, a ceiling of 2.5 with 2.6 is 156.
    assert [round(float(one.attrib["width"])) for one in bars] == [140, 156]


def test_copies_are_rules_under_other_ids_that_ask_the_same() -> None:
    book = read_book()
    tenfold = with_copies(book, 10)
    assert len(tenfold.rules) == 10 * len(book.rules)
    assert {*book.rules} <= {*tenfold.rules}
    facts = facts_of({**WELL, "bladder-change": True})
    once, ten = ({one.rule for one in assess(each, facts, "strictest").trace} for each in (book, tenfold))
    assert {name.split("-copy-")[0] for name in ten} == once
    assert len(ten) == 10 * len(once) > 0


def test_silent_copies_are_judged_and_not_told_of() -> None:
    book = read_book()
    facts = facts_of({**WELL, "bladder-change": True, "answers-old": False})
    once, ten = (assess(each, facts, "strictest") for each in (book, with_copies(book, 10, silent=True)))
    assert (ten.trace, ten.level) == (once.trace, once.level)
    old = facts_of({**WELL, "bladder-change": True, "answers-old": True})
    assert len(assess(with_copies(book, 10, silent=True), old, "strictest").trace) > len(once.trace)


def test_responses_to_be_stored_are_never_alike_in_one_run_nor_in_the_next() -> None:
    one, other = storable(), storable()
    bodies = [one.body(0), one.body(len(one.kinds)), other.body(0)]
    names = [json.loads(body)["identifier"]["value"] for body in bodies]
    assert len(set(names)) == 3
    requests = one.requests()
    sent = [next(requests) for _ in range(2 * len(one.kinds))]
    assert len(set(sent)) == len(sent)
    assert [request.split(b"\r\n\r\n")[1] for request in sent[:2]] == [one.body(0), one.body(1)]
    assert all(int(re.findall(rb"Length: (\d+)", each)[0]) == len(each.split(b"\r\n\r\n")[1]) for each in sent)


def test_a_bare_insert_writes_the_rows_of_the_service_and_every_time_anew(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path}/store.sqlite3")
    upgrade(engine)
    (stored,) = bare_insert.stored_rows(1)
    for _ in range(2):
        bare_insert.write(engine, stored)
    assert [len(stored.versions), len(stored.received)] == [6, 1], "response, three results, Provenance, AuditEvent"
    sizes = (len(stored.versions), sum(map(len, stored.values)), len(stored.received))
    with engine.connect().execution_options(reads=True) as connection:
        counted = [connection.scalar(select(func.count()).select_from(one)) for one in (VERSION, VALUE, RECEIVED)]
    engine.dispose()
    assert counted == [2 * size for size in sizes]


def test_the_service_keeps_what_it_commits(tmp_path: Path) -> None:
    assert durable.demand_durable(f"sqlite:///{tmp_path}/store.sqlite3") == "journal_mode wal, synchronous 2"


def test_a_database_that_could_lose_a_commit_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "SQLITE", {"journal_mode": "wal", "synchronous": "3"})
    with pytest.raises(durable.NotDurableError):
        durable.demand_durable(f"sqlite:///{tmp_path}/store.sqlite3")
    monkeypatch.setattr(durable, "MEMORY", (durable.file_system(tmp_path),))
    with pytest.raises(durable.NotDurableError):
        durable.demand_disk(tmp_path)


def test_memory_is_read_as_the_kernel_writes_it() -> None:
    rollup = "5581-7ffc ---p 0 00:00 0 [rollup]\nRss: 4096 kB\nPrivate_Clean: 512 kB\nPrivate_Dirty: 1536 kB\n"
    assert memory.read_memory(rollup, ["Rss"]) == 4.0
    assert memory.read_memory(rollup, ["Private_Clean", "Private_Dirty"]) == 2.0


def test_bodies_are_authored_now() -> None:
    (body,) = authored_now([f'{{"authored":"{AUTHORED}"}}'.encode()])
    assert re.fullmatch(rb'\{"authored":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}', body)


def test_a_bundle_holds_every_response_as_another_patients() -> None:
    entries = json.loads(bundled([b'{"subject":{"reference":"Patient/1"}}'] * 3))["entry"]
    assert len({one["resource"]["subject"]["reference"] for one in entries}) == len(entries) == 3
    assert COUNT == 500


def test_a_first_look_measures_less_and_leaves_java_out() -> None:
    quick, whole = (bench.planned(["--quick"] if one else []) for one in (True, False))
    assert whole == Plan()
    assert (quick.rounds, quick.seconds, quick.java) == (3, 1.0, False)
    assert quick.stored < whole.stored
    assert bench.planned(["--quick", "--rounds", "1"]).rounds == 1


@pytest.mark.parametrize("arguments", [["--only", "nothing"], ["--rounds", "0"], ["--requests", "many"]])
def test_what_cannot_be_measured_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.planned(arguments)
    assert arguments[0] in capsys.readouterr().err


def test_a_part_that_breaks_off_says_so_and_stands_where_its_figures_would(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Row:
        raise OSError

    monkeypatch.setitem(bench.PARTS, "start", ("start of all", broken))
    assert bench.measured("start", Plan(), []) == Row("start of all", "", (), not_run="it broke off: OSError")


def test_only_a_whole_run_of_proven_rules_is_kept() -> None:
    assert bench.unfit_to_keep(RUN) == []
    assert bench.unfit_to_keep(None) == ["nothing was measured yet"]
    broken = Row("serving", "", (), not_run=f"{bench.BROKEN}: OSError")
    unproven = replace(RUN.rows[0], name="start", conditions=f"3 rounds{bench.UNPROVEN}")
    assert bench.unfit_to_keep(Run("2 cores", (broken, unproven))) == [
        "serving: it broke off: OSError",
        "start: its rules were not proven",
    ]


def test_databases_stand_on_disk_and_outside_of_what_is_committed() -> None:
    assert BUILD.parts[-2:] == ("build", "bench")
