"""The report: whole without style or script, closed to the world, readable by everybody."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.model.comparison import Interval
from perfci.model.emission import File
from perfci.model.evaluation import Evaluation
from perfci.reports.html import HtmlReporter
from tests.reports import suites
from tests.reports.builders import came, evaluation, stored
from tests.reports.golden import assert_golden
from tests.reports.suites import EVERY, PARSE

VOID = {"meta", "link", "br", "img", "input"}


class Page(HTMLParser):
    """Elements with their attributes, checked for being closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open[-1:]):
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def html(found: Evaluation) -> str:
    file = HtmlReporter(charts=False).render(found)[0]
    assert isinstance(file, File)
    assert file.path == "report.html"
    return file.content.decode()


def page(found: Evaluation) -> Page:
    read = Page(html(found))
    assert read.open == []
    return read


each = pytest.mark.parametrize("name", EVERY)


@pytest.mark.parametrize("name", ["picture", "kinds", "history", "failed"])
def test_the_report_is_the_one_that_was_looked_at(name: str) -> None:
    # style and script have their own files; here they would only hide what changed
    text = re.sub(r"(?s)(<(style|script)>).*?(</\2>)", r"\1\3", html(EVERY[name]()))
    text = re.sub(r"sha256-[\w+/=]+", "sha256-...", text)
    assert_golden(f"report-{name}.html", text.encode())


@each
def test_nothing_in_it_leads_anywhere_else(name: str) -> None:
    found = page(EVERY[name]())
    for tag, attributes in found.elements:
        assert not {"src", "srcset", "action", "data", "style", "xlink:href"} & set(attributes)
        assert not any(attribute.startswith("on") for attribute in attributes)
        assert tag not in {"iframe", "img", "link", "object", "embed", "base", "form"}
    assert {link["href"] for link in found.all("a")} == {"#results"}
    assert not re.search(r"@import|url\(", html(EVERY[name]()))


@each
def test_the_policy_allows_the_two_inline_parts_and_nothing_else(name: str) -> None:
    text = html(EVERY[name]())
    (policy,) = (
        meta["content"]
        for meta in Page(text).all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for kind in ("style", "script"):
        (inside,) = re.findall(rf"(?s)<{kind}>(.*?)</{kind}>", text)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    assert set(rules) == {"default-src", "style-src", "script-src", "base-uri", "form-action"}


def test_a_hostile_name_is_text_and_no_more() -> None:
    found = page(suites.hostile())
    assert len(found.all("script")) == 1
    assert "<script>alert(1)</script>/<script>alert(1)</script>" in found.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", found.text)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=30))
def test_any_name_leaves_the_page_whole(name: str) -> None:
    found = page(evaluation(came(f"suite/x{name}", "regressed", 0.5), warnings=(name,)))
    plain = page(evaluation(came("suite/x", "regressed", 0.5), warnings=("w",)))
    assert [tag for tag, _ in found.elements] == [tag for tag, _ in plain.elements]


@each
def test_tables_pictures_and_sections_say_what_they_are(name: str) -> None:
    text = html(EVERY[name]())
    found = page(EVERY[name]())
    assert text.count("<caption>") == len(found.all("table"))
    assert all("scope" in head for head in found.all("th"))
    assert all(svg["role"] == "img" for svg in found.all("svg"))
    assert text.count("<svg") == len(re.findall(r"<svg[^>]*><title>[^<]+</title>", text))
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(section["aria-labelledby"] in ids for section in found.all("section"))
    assert len(found.all("h1")) == len(found.all("main")) == 1


def test_the_report_answers_in_order() -> None:
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", html(suites.picture()))
    assert [re.sub("<[^>]+>", "", heading) for heading in headings] == [
        "fail: 1 benchmark got slower",
        "What changed",
        "Inconclusive",
        "Everything else",
        "How this was decided",
    ]


def test_a_changed_series_shows_its_evidence() -> None:
    text = page(evaluation(PARSE)).text
    assert "61.2 % slower than a1b2c3d (main)" in text
    assert "limit 10 %" in text
    assert "net: the time spent waiting for a processor can be read" in text
    assert "18 fresh a side, after 4" in text
    assert "below 0.0001" in text
    assert "perfci run --base main --seed 7" in text
    # four launches raised the suspicion, eighteen decided; two sides of them
    dots = re.findall(r'd="((?:M[\d.]+ [\d.]+h0)+)"', html(evaluation(PARSE)))
    assert [path.count("M") for path in dots] == [4, 18, 4, 18]


def test_without_launches_the_interval_is_still_drawn() -> None:
    text = html(suites.picture(launches=False))
    assert text.count("<svg") == 3
    assert "A dot is the median" not in text


def test_the_last_fifty_runs_are_drawn_where_there_is_a_history() -> None:
    history = stored(PARSE.key, runs=80, jump=2)
    text = html(evaluation(PARSE, history=history))
    assert "the last 50 runs</title>" in text
    assert "Red: runs that were called worse." in text
    assert "the last" not in html(evaluation(PARSE))


def test_an_interval_without_end_reaches_the_edge_of_the_scale() -> None:
    endless = Interval(low=-float("inf"), high=float("inf"), level=0.95)
    item = came("a/b", "inconclusive", 0.1, launches=2)
    found = evaluation(replace(item, interval=endless), launches=False)
    assert "\N{MINUS SIGN}∞ … +∞ %" in html(found)
    assert not re.search(r'="-?(inf|nan)', html(found))


def test_the_pictures_are_files_of_their_own_where_they_are_wanted() -> None:
    _, *files = HtmlReporter(charts=True).render(suites.picture())
    assert all(isinstance(file, File) for file in files)
    first = files[0]
    assert isinstance(first, File)
    assert_golden("chart.svg", first.content)
    assert re.fullmatch(r"charts/codec-parse-size-16MB-latency-[0-9a-f]{8}\.svg", first.path)
    assert len(files) == 2


def test_pictures_of_hostile_names_are_xml_under_safe_and_different_names() -> None:
    files = [
        file
        for file in HtmlReporter(charts=True).render(suites.hostile())[1:]
        if isinstance(file, File)
    ]
    for file in files:
        assert ET.fromstring(file.content).tag.endswith("svg")
        assert re.fullmatch(r"charts/[A-Za-z0-9-]{1,80}\.svg", file.path)
    assert len({file.path for file in files}) == len(files) == len(suites.HOSTILE) + 1


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    red, green, blue = (_channel(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_every_text_has_the_contrast_that_wcag_asks_for(scheme: int) -> None:
    css = (resources.files("perfci.reports") / "jinja" / "report.css").read_text("utf-8")
    block = re.findall(r":root \{([^}]*)\}", css)[scheme]
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6});", block))
    for ground in ("page", "panel"):
        for ink in ("ink", "soft", "bad", "good", "doubt", "head"):
            one, other = sorted((_luminance(colours[ground]), _luminance(colours[ink])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, (ground, ink)
