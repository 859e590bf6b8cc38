"""The report of a comparison as a browser shows it: the answer first, nothing fetched, nothing run, nothing broken."""

import re
from dataclasses import replace
from math import inf, nan

import pytest

from analysis.comparison import Row
from analysis.lacks import TOO_FEW
from analysis.measures.measure import MeasureError
from analysis.report import report, write_report
from analysis.report.figures import figures, undrawn
from analysis.report.findings import Amount, Quantity, findings
from analysis.report.page import rendered, told
from analysis.report.ranking import ranked
from analysis.report.remarks import drawbacks
from analysis.report.sentences import answer, sentences
from analysis.split import split
from analysis.statistics import Interval
from sim.audit.store import Store
from tests.analysis.report.conftest import CONTROLS

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SCREEN = {"width": 1280, "height": 800}
# Words whose colour is too near that of the first ground behind them, with the ratio of their luminances.
CONTRASTS = """() => {
    const rgba = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const grounds = e => e ? [rgba(getComputedStyle(e).backgroundColor), ...grounds(e.parentElement)] : [];
    const ground = e => grounds(e).find(each => each[3] > 0.5) || [255, 255, 255];
    const told = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    document.querySelectorAll('details').forEach(each => { each.open = true; });
    return [...document.querySelectorAll('main *')].filter(told).filter(e => e.closest('svg, body').tagName === 'svg'
        ? e.tagName === 'text' : !e.closest('svg')).map(e => {
        const style = getComputedStyle(e);
        const colour = rgba(e.tagName === 'text' ? style.fill : style.color);
        const [low, high] = [light(colour), light(ground(e))].sort((a, b) => a - b);
        return [e.textContent.trim().slice(0, 40), (high + 0.05) / (low + 0.05) * style.opacity];
    }).filter(([, ratio]) => ratio < 4.5);
}"""
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()|' /C calc'!A0",
    "\u202egnp.exe\x00\x1b[31m\u200b",
    "x" * 300,
    '"><img src=x onerror=alert(2)>',
    "$\\frac{1}{0}$ {{ 7 * 7 }} &#8238;",
)


@pytest.fixture(scope="module")
def found(simulated, morning):
    """What all measures say of the six bundled control models."""
    return findings(simulated, morning)


@pytest.fixture(scope="module")
def page(simulated, morning, found):
    """Their page."""
    return rendered(simulated, morning, found)


@pytest.fixture(scope="module")
def hostile(simulated, morning, found):
    """The same with names, titles and settings that a stranger chose."""
    rows = tuple(_renamed(row, name) for row, name in zip(morning.rows, HOSTILE, strict=True))
    scenario = {**morning.scenario, "title": HOSTILE[0], "summary": HOSTILE[4], HOSTILE[5]: {"source": HOSTILE[2]}}
    return rendered(simulated, replace(morning, title=HOSTILE[0], scenario=scenario, rows=rows), found)


def _renamed(row: Row, name: str) -> Row:
    settings = {**row.settings, "summary": name, "stands_for": name, "issue": {"unit": name, "source": name}}
    return replace(row, control=name, title=name, settings=settings)


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Shows a page in a browser and writes down whatever it asks for or complains of."""
    tabs = []

    def show(text, screen=SCREEN):
        path = tmp_path_factory.mktemp("page") / "page.html"
        path.write_text(text, "utf-8")
        shown = browser.new_page(viewport=screen)
        tabs.append(shown)
        shown.noted = []
        for kind in ("console", "pageerror", "dialog"):
            shown.on(kind, lambda what: shown.noted.append(str(what)))
        shown.on("request", lambda request: shown.noted.append(request.url))
        shown.goto(path.as_uri())
        assert shown.noted.pop(0) == path.as_uri()
        return shown

    yield show
    for tab in tabs:
        tab.close()


@pytest.fixture(scope="module")
def shown(opened, page):
    """The page of the six models on the architect's screen."""
    return opened(page)


@pytest.fixture(scope="module")
def shown_hostile(opened, hostile):
    """The page of hostile names on the same screen."""
    return opened(hostile)


def _bottom(shown, selector):
    """How far down the lowest element of a kind reaches, in pixels."""
    return max(box["y"] + box["height"] for box in _boxes(shown, selector))


def _boxes(shown, selector):
    return [each.bounding_box() for each in shown.locator(selector).all()]


def test_the_first_screen_answers(shown, morning):
    """At 1280 by 800 the answer, the whole table with its intervals, and what they rest on need no scrolling."""
    assert shown.locator("#answer").inner_text() == answer(morning)
    assert len(_boxes(shown, "#models tbody tr")) == 6
    assert len(_boxes(shown, "#models tbody td .interval")) == 6 * 9
    for part in ("#answer", "#models", "#models caption", "#rests", "#window"):
        assert _bottom(shown, part) <= SCREEN["height"], part
    assert shown.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]


def test_the_first_screen_can_be_read(shown):
    """No letter of it is smaller than 13 pixels, apart from the signs before values, which words repeat."""
    sizes = shown.evaluate(
        "[...document.querySelectorAll('.first *')].filter(e => e.innerText && !e.classList.contains('sign'))"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 13


def test_it_says_how_much_was_simulated_and_what_not(shown, morning):
    """The count of actions, that assumptions were not varied, and what the window cannot show, on the first screen."""
    said = shown.locator(".first").inner_text()
    for words in (
        f"{morning.actions:,} actions in 36 runs",
        "assumptions not varied",
        "formed over years before the window",
    ):
        assert words in said
    assert "cannot show debt that forms over months" in said.replace("\n", " ")


def test_nothing_is_fetched_and_nothing_complains(shown, page):
    """Opening it asks for nothing and logs nothing; it holds no script, and its policy would let none run."""
    assert shown.noted == []
    assert shown.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content").startswith(POLICY)
    assert not re.search(r"<script|\son\w+=|javascript:|https?://(?!www\.w3\.org/)", page)


def test_each_model_has_a_sentence(shown, morning):
    """All models besides the baseline, in the order in which they rank."""
    said = shown.locator(".sentences li").all_inner_texts()
    assert [text.partition(". ")[0].rstrip(".") for text in said] == [
        each.text.rstrip(".") for each in sentences(morning)
    ]


def test_figures_have_units_captions_and_words(shown):
    """Each figure has a title, a caption that says what to see, and its numbers in words for who does not see it."""
    figures = shown.locator("figure").all()
    assert len(figures) == 8
    for figure in figures:
        assert figure.locator("h3").inner_text()
        assert figure.locator("figcaption p").count() == 2
        described = figure.locator("svg desc").text_content()
        assert "standing_key" in described
        assert "tiered" in described
    drawn = " ".join(shown.locator("figure svg").all_text_contents())
    for unit in (
        "h per agent-day",
        "percent of the estate",
        "compromises a fleet-year",
        "1 min",
        "item-hours per agent-day",
        "time to finish a task",
    ):
        assert unit in drawn
    assert "formed over years before the window" in shown.locator("#figure-debt h3").inner_text()


def test_only_stock_is_called_stock(shown):
    """What forms in the window is not drawn beside what formed before, and the caption says where it stands."""
    debt = shown.locator("#figure-debt")
    assert "outlived task" not in debt.locator("svg").text_content()
    assert "One cause forms in the window itself and is not drawn here" in debt.locator("figcaption").inner_text()


def test_the_answer_hangs_on_approvers(shown):
    """Where a model asks humans its sentence says what is left if they do not look, and how long they take."""
    said = shown.locator(".sentences li", has_text="Against standing_key, tiered").inner_text()
    really = "if approvers really inspect each request and recognise every attack"
    assert re.search(really + r" \([\d.]+ % \[[\d., ]+\] if they wave", said)
    few = r"how long they wait at p95 is not shown \(too few requests\)"
    assert re.search(rf"It asks a human in [\d.]+ % of tasks; {few}", said)


def test_headings_lead_to_definitions(opened, page):
    """A column's head opens the definition of its measure, a model's name leads to its knobs."""
    shown = opened(page)
    definition = shown.locator("#measure-blast_radius")
    assert not definition.is_visible()
    shown.locator("#models thead a", has_text="token and key stolen").click()
    assert definition.is_visible()
    assert definition.bounding_box()["y"] < SCREEN["height"]
    shown.locator("#models tbody a", has_text="tiered").click()
    head = shown.locator("#knobs thead th").nth(6)
    assert (head.inner_text(), head.get_attribute("id")) == ("tiered", "model-5")
    assert -1 <= head.bounding_box()["y"] < SCREEN["height"]
    assert shown.noted == []


def test_words_are_explained_under_the_table(shown):
    """What words of the first screen mean, in three lines at most, of which none is below it."""
    glossary = shown.locator("#glossary")
    for word in ("Crown-jewel change", "Held", "Obtainable", "Blast radius", "Estate", "Agent-day", "p95"):
        assert word in glossary.inner_text()
    assert glossary.bounding_box()["height"] < 60
    assert _bottom(shown, "#glossary") <= SCREEN["height"]


def test_marks_and_intervals_are_told_apart(shown, morning):
    """The caption says that marks rest on other intervals than those beside them."""
    said = shown.locator("#models caption").inner_text()
    assert "each above its own 95 % interval" in said
    assert f"Marks rest on {morning.family.held} wider paired intervals" in said


def test_load_and_lags_stand_on_the_first_screen(shown):
    """How busy who works is, and after how long verifiers hear of revocations."""
    said = shown.locator("#rests").inner_text()
    assert re.search(r"Load, of capacity: agents [\d.]+ %, approvers at most [\d.]+ % \(tiered\)", said)
    assert "For per_task, per_action and tiered: that verifiers hear of a revocation, in the median, after" in said


def test_steps_between_models_are_shown(shown, morning):
    """Differences from the model before stand beside those from the baseline, and where the first is worse is said."""
    assert shown.locator("#neighbours tbody tr").count() == 4
    assert "against per_action" in shown.locator("#neighbours tbody tr").last.inner_text()
    found = drawbacks(ranked(morning)[0], morning)
    assert shown.locator("#drawbacks li").all_inner_texts() == list(found)


def test_what_moves_nothing_says_so(shown):
    """Threats, leaks and the stopping of attackers are listed with what they do not do on this page."""
    assert shown.locator("#scenario").get_by_text("Moves no figure on this page.").count() == 7
    assert shown.locator("#scenario").get_by_text("Measured by realised_radius").count() == 1
    assert shown.locator("#knobs").get_by_text("moves no figure on this page").count() == 1


def test_words_can_be_read_by_weak_eyes(opened, page):
    """Every word on the page and in its figures has a contrast of 4.5 to 1 with what is behind it (WCAG 2.2, AA)."""
    weak = opened(page).evaluate(CONTRASTS)
    assert weak == []


def test_a_narrow_screen_says_that_there_is_more(opened, page):
    """On a telephone the page does not scroll sideways, and each table that does says so or shows a shadow."""
    shown = opened(page, {"width": 390, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    hints = shown.locator(".hint").all()
    assert hints
    assert all(hint.is_visible() for hint in hints)
    wide = shown.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
        ".map(e => getComputedStyle(e).backgroundImage)"
    )
    assert len(wide) > 5
    assert all("gradient" in each for each in wide)
    assert not any(hint.is_visible() for hint in opened(page).locator(".hint").all())


def test_pairing_is_told_where_it_helped(simulated, morning, found, page):
    """A table where some variance ratio exceeds 1.1, one sentence where none does."""
    rows = [replace(row, cells=tuple(replace(cell, variance_ratio=1.0) for cell in row.cells)) for row in morning.rows]
    text = rendered(simulated, replace(morning, rows=tuple(rows)), found)
    assert "no variance ratio exceeds 1.1" in text
    assert "What pairing achieved" not in text
    assert ("What pairing achieved" in page) != ("no variance ratio exceeds" in page)


def test_ids_are_unique_and_links_lead_somewhere(shown, page):
    """Several drawings share the page, and none takes another's parts."""
    found = shown.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(found) == len(set(found))
    links = shown.evaluate("[...document.querySelectorAll('[href^=\"#\"]')].map(e => e.getAttribute('href').slice(1))")
    links += re.findall(r"url\(#([^)]+)\)", page)
    assert set(links) <= set(found)


def test_tables_can_be_heard(shown):
    """Every table has headings with a scope, and a cell's verdict is there in words."""
    assert shown.locator("th:not([scope])").count() == 0
    assert shown.locator("table:not(:has(thead th))").count() == 0
    assert "better than the baseline" in shown.locator("#models tbody").text_content()
    assert shown.locator("h1").count() == 1
    assert shown.evaluate("document.documentElement.lang") == "en"


def test_measures_agree_with_the_first_screen(morning, found):
    """The list of all measures and the first screen give the same number for the same quantity."""
    for number, row in enumerate(morning.rows):
        for cell in row.cells:
            label = tuple(value for _, value in cell.column.row)
            amounts = found.amounts(cell.column.measure, *label)
            assert repr(amounts[number].estimate) == repr(cell.estimate)


def test_how_much_can_be_told_is_asked_of_the_log(shown, found):
    """A poor log leaves no perfect trail, though the truth would; of which evidence a table is, stands at it."""
    said = dict(zip(CONTROLS, found.amounts("forensics", "identifiable"), strict=True))
    assert said["per_task"].lack is None
    assert said["standing_key"].lack.word == "not told"
    assert [each.measure.name for each in found.all if each.of_logs] == ["forensics"]
    captions = shown.locator("#measures caption").all_text_contents()
    assert [each for each in captions if each.endswith("on the log that each model leaves")] == [
        "Forensics, on the log that each model leaves"
    ]
    assert (
        "Measured on the truth, which only a simulation knows; but Forensics,"
        in shown.locator("#measures > p").first.inner_text()
    )


def test_marks_are_those_of_the_terminal():
    """What is estimated, declared or a limit says so on the page as well; what is declared was the same in no run."""
    day, open_ = Interval(86_400.0, 3600.0, 86_400.0, 3), Interval(90.0, -inf, inf, 3, most=inf)
    steady = Interval(1.0, 1.0, 1.0, 3, steady=True)
    mixed = Quantity((), "seconds", (Amount(day, "estimated"), Amount(open_), Amount(steady)))
    assert mixed.rests == ""
    assert [told(mixed, each) for each in mixed.amounts] == [
        ("24 h", "(estimated) [1, 24]"), ("at least 90 s", ""), ("1 s", "every run"),
    ]  # fmt: skip
    declared = Quantity((), "seconds", (Amount(steady, "declared"),) * 2)
    assert (declared.rests, told(declared, declared.amounts[0])) == ("(declared)", ("1 s", ""))


def test_what_is_told_of_a_year_by_five_hours_says_so(shown, found):
    """Wherever it stands: beside the number, in what is read of the marks, and below the figure."""
    assert {each.basis for each in found.amounts("annual_loss", "all")} == {"extrapolated"}
    said = "er year: as if every year were like these 5 h."
    assert said in shown.locator("#figure-exceedance figcaption").inner_text()
    assert (
        "(extrapolated): per day or year: as if every day were like these"
        in shown.locator("#measures > p").inner_text()
    )
    assert "(extrapolated)" in shown.locator("details:has(#measure-annual_loss) table").text_content()


def test_a_figure_without_values_is_left_out(morning, found):
    """Where no model has a p95 nobody has a place on the frontier: that is said, and no axes are drawn."""
    rows = tuple(
        replace(row, cells=tuple(
            replace(cell, estimate=Interval(nan, nan, nan, 6), lack=TOO_FEW) if cell.column.key == "latency" else cell
            for cell in row.cells))
        for row in morning.rows
    )  # fmt: skip
    late = replace(morning, rows=rows)
    assert "frontier" not in {each.caption.key for each in figures(late, found)}
    assert undrawn(late, found) == (
        f"Exposure against friction is not drawn, as no model has values for it: {TOO_FEW.why}.",
    )
    assert undrawn(morning, found) == ()


def test_every_measure_is_defined(shown):
    """Question, unit, what is unfinished, assumptions, source and SQL of each, behind a summary, without a script."""
    summaries = shown.locator("#measures > details")
    assert summaries.count() >= 11
    first = summaries.first
    assert not first.locator("table").is_visible()
    first.locator("summary").first.click()
    assert first.locator("table").is_visible()
    for word in ("Question", "Unit", "What is unfinished", "Assumes", "Source"):
        assert first.get_by_text(word, exact=True).is_visible()
    assert "SELECT" in first.locator("pre").text_content()


def test_knobs_that_differ_stand_out(shown):
    """The baseline's settings are plain, others' that differ are marked, and what is assumed is badged."""
    knobs = shown.locator("#knobs")
    assert knobs.locator("td:nth-child(2).differs").count() == 0
    assert knobs.locator("td.differs").count() > 10
    assert knobs.locator(".badge").count() > 5


def test_the_same_store_gives_the_same_bytes(simulated, morning, page, tmp_path):
    """Nothing on the page depends on when, where or how often it is written."""
    path = tmp_path / "deep" / "report.html"
    write_report(simulated, path, morning)
    assert path.read_text("utf-8") == page
    assert str(tmp_path) not in page


def test_a_comparison_without_a_split_has_no_such_section(simulated, page):
    """An ordinary comparison keeps its page, and asking for its split says how to get one."""
    assert 'id="split"' not in page
    with pytest.raises(MeasureError, match="make one with `outlive split`"):
        split(simulated)


def test_it_prints_on_paper(opened, page):
    """On A4 nothing is cut off at the right, the list of links is gone, and the first page is the first screen."""
    shown = opened(page, {"width": 1016, "height": 702})
    shown.emulate_media(media="print")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 1016
    assert not shown.locator("nav").is_visible()
    assert _bottom(shown, ".first") <= 702
    paper = shown.pdf(format="A4", print_background=True)
    assert 8 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 90


@pytest.mark.parametrize("width", [1920, 700])
def test_it_keeps_its_shape(opened, page, width):
    """Neither a wide nor a narrow window makes the page scroll sideways."""
    shown = opened(page, {"width": width, "height": 900})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_names_of_strangers_do_nothing(shown_hostile, hostile):
    """Markup, formulas, overrides of direction, controls and endless names stay text, in place, and run nothing."""
    shown = shown_hostile
    assert shown.noted == []
    assert shown.locator("script, img, iframe").count() == 0
    assert [each for each in hostile if each not in "\n\t" and not each.isprintable()] == []
    said = shown.locator("body").inner_text()
    assert "<script>alert(1)</script>" in said
    assert "\\u202egnp.exe\\x00\\x1b[31m\\u200b" in said
    assert "{{ 7 * 7 }} &#8238;" in said
    assert "x" * 300 in shown.locator("#knobs").inner_text()


def test_long_names_do_not_push_the_table_away(shown_hostile):
    """With names of 300 letters the table still fits the window, and the answer is still above it."""
    shown = shown_hostile
    assert shown.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
    assert _bottom(shown, "#models") <= SCREEN["height"] + 120
    assert _bottom(shown, "#answer") < _boxes(shown, "#models")[0]["y"]


def test_a_single_model_has_a_page(simulated, opened, tmp_path):
    """Without others there is nothing to compare, and the page says so instead of breaking."""
    report(simulated, tmp_path / "alone.html", "alone")
    shown = opened((tmp_path / "alone.html").read_text("utf-8"))
    assert "there is nothing to compare it with" in shown.locator("#answer").inner_text()
    assert shown.locator("#differences, #sentences").count() == 0


def test_a_store_with_nothing_to_report_says_so(tmp_path):
    """One line that names the store and the remedy, and no file."""
    with (
        Store.in_memory() as store,
        pytest.raises(MeasureError, match="memory: no comparison and no ingested log; make"),
    ):
        report(store, tmp_path / "x.html")
    assert not list(tmp_path.iterdir())


def test_a_comparison_that_is_not_there_is_named(simulated, tmp_path):
    """An id that no comparison and no ingest has is said to be unknown."""
    with pytest.raises(MeasureError, match="no comparison or ingested log nowhere; make one"):
        report(simulated, tmp_path / "x.html", "nowhere")
