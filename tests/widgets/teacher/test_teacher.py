"""ProbeTeacher without a page: what it learns, keeps, undoes, refuses, and leaves."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.data.lesson_files import read_lesson
from probewidgets.data.lessons import Lesson
from probewidgets.errors import DataError, StoreError, WidgetError
from probewidgets.live.keeping import Keeper
from probewidgets.live.lesson_states import LessonStates
from probewidgets.widgets.teacher import payload
from tests.widgets.fakes import fake_predictor, fake_sweep
from tests.widgets.helpers import said, settle
from tests.widgets.teacher.conftest import TEXT, Make


def marks(teacher: pw.ProbeTeacher) -> list[int]:
    """What the page is sent of what is painted."""
    return np.frombuffer(teacher._view["marks"], np.int8).tolist()


def units(teacher: pw.ProbeTeacher, *forms: str) -> list[int]:
    view = teacher._view
    ids = np.frombuffer(view["ids"], "<i4").tolist()
    return [ids[view["forms"].index(form)] for form in forms]


class Page:
    """Speaks to a widget as a page does."""

    def __init__(self, teacher: pw.ProbeTeacher) -> None:
        self.teacher, self.seq = teacher, 0

    def say(self, kind: str, **fields: Any) -> list[Any]:
        self.seq += 1
        return said(self.teacher, {"kind": kind, "seq": self.seq, "client": "me", **fields})

    @property
    def answered(self) -> bool:
        return self.teacher._view["answered"].get("me") == self.seq


# --- learning ---------------------------------------------------------------------------------------------------------


def test_a_stroke_is_answered_with_what_all_layers_now_think(make: Make) -> None:
    teacher = make()
    page = Page(teacher)
    assert page.say("paint", units=units(teacher, "bread", "rice"), label="food") == [
        {"kind": "ack", "seq": 1, "client": "me"}
    ]
    page.say("paint", units=units(teacher, "The", "In"), label="O")
    settle(teacher)
    assert page.answered
    assert sorted(set(marks(teacher))) == [-1, 0, 2]
    top = np.frombuffer(teacher._view["top"], np.int8).reshape(len(teacher._view["layers"]), -1)
    p = np.frombuffer(teacher._view["p"], "<f4").reshape(top.shape)
    assert set(top.ravel()) <= {0, 2} and (p >= 0.5).all()
    assert teacher.predictions.labels == ("food", "O")
    assert teacher.predictions.proba.shape[:2] == top.shape


def test_what_waits_in_the_page_is_all_sent(make: Make) -> None:
    assert {"paint", "label", "rename", "drop", "undo", "redo", "aside"} <= set(make()._view["queued"])


def test_a_stroke_that_changes_nothing_is_answered_too(make: Make) -> None:
    teacher = make()
    page = Page(teacher)
    for kind, fields in (
        ("paint", {"units": units(teacher, "bread"), "label": None}),
        ("undo", {}),
        ("redo", {}),
        ("label", {"name": "food"}),
        ("text", {"text": TEXT}),
    ):
        page.say(kind, **fields)
        assert page.answered, kind


def test_scores_come_with_interval_control_and_majority_and_are_said_to_be_few(taught: pw.ProbeTeacher) -> None:
    view = taught._view
    assert len(view["scores"]) == len(view["layers"])
    assert all(low <= value <= high for value, low, high in view["scores"])
    assert 0 <= view["control"] <= 1 and view["majority"] == pytest.approx(3 / 7)
    assert view["few"] and view["n"] == 7 and view["taught"] == 3
    assert taught.accuracy is not None and view["best"] == view["layer"]
    assert list(taught.table().columns) == ["accuracy", "accuracy_low", "accuracy_high", "control", "majority"]


def test_where_a_score_means_nothing_there_is_none_and_it_is_said_why(make: Make) -> None:
    teacher = make()
    teacher.paint(0, 3, "food")
    settle(teacher)
    assert teacher.accuracy is None and teacher._view["scores"] == []
    assert "second label" in teacher._view["why"]
    assert len(teacher.table()) == 0


def test_the_words_to_paint_next_are_offered_one_of_each_sentence(taught: pw.ProbeTeacher) -> None:
    sentences = [sentence for sentence, _ in taught.suggested]
    assert sentences and len(set(sentences)) == len(sentences)
    offered = taught._view["next"]
    Page(taught).say("aside", unit=offered[0][0])
    settle(taught)
    assert offered[0] not in taught._view["next"]


def test_another_layer_is_shown_on_demand_and_the_best_again(taught: pw.ProbeTeacher) -> None:
    best = taught._view["best"]
    other = next(layer for layer in taught._view["layers"] if layer != best)
    Page(taught).say("choose", layer=other)
    settle(taught)
    assert (taught.layer, taught._view["layer"]) == (other, other)
    taught.layer = None
    assert taught._view["layer"] == taught._view["best"]
    with pytest.raises(WidgetError, match="no layer 99"):
        taught.layer = 99


def test_editing_keeps_paint_and_reads_only_what_is_new(taught: pw.ProbeTeacher) -> None:
    states = taught._states
    assert states is not None and states.captured == 3
    Page(taught).say("text", text=f"{TEXT}\nShe eats well.")
    settle(taught)
    assert states.captured == 4
    assert taught._lesson.n_painted == 7
    assert taught.text.endswith("well.")
    taught.text = "The chef brought bread"
    settle(taught)
    assert taught._lesson.n_painted == 4


def test_whole_sentences_are_taught_too(make: Make) -> None:
    teacher = make(unit="sentence", labels=["good", "bad"], text="I like it\nI hate it\nShe likes him\nShe hates him")
    for number, label in enumerate(("good", "bad", "good")):
        teacher.paint(number, None, label)
    settle(teacher)
    assert teacher._view["forms"] == ["I like it", "I hate it", "She likes him", "She hates him"]
    assert marks(teacher) == [0, 1, 0, -1]
    assert [example.labels.get("label") for example in teacher.corpus] == ["good", "bad", "good", None]
    assert pw.SentenceTask("label").targets(teacher.corpus).labels == ("bad", "good")


def test_the_corpus_goes_through_capture_and_sweep(make: Make, lm: pw.LanguageModel) -> None:
    teacher = make(text="\n".join(f"The cook {word} ate rice and bread." for word in "abcdefghij"), labels=["food"])
    for number in range(10):
        teacher.paint(number, [4, 6], "food")
        teacher.paint(number, [0, 2], "O")
    sweep = pw.sweep(pw.capture(lm, teacher.corpus, pw.WordTask("label"), store=False), pw.LinearProbe(l2=1e-2))
    assert sweep.labels == ("O", "food")
    assert sweep.counts["train"][0] + sweep.counts["dev"][0] + sweep.counts["test"][0] == 40


# --- kept -------------------------------------------------------------------------------------------------------------


def test_every_stroke_is_in_the_file_when_its_message_is_obeyed(make: Make) -> None:
    teacher = make()
    Page(teacher).say("paint", units=units(teacher, "bread"), label="food")
    lesson, _ = read_lesson("teacher.jsonl")  # not settled: nothing was waited for
    assert lesson.n_painted == 1
    assert teacher.path == str(Path("teacher.jsonl").absolute())


def test_a_cell_that_is_run_again_goes_on_and_the_older_widget_says_so(make: Make) -> None:
    older = make()
    older.paint(0, 3, "food")
    newer = make()
    assert newer._lesson.n_painted == 1 and newer._view["recovered"]
    assert older._view["heir"]
    with pytest.raises(WidgetError, match="newer widget"):
        older.paint(0, 1, "person")
    answers = Page(older).say("paint", units=units(older, "chef"), label="person")
    assert answers[1]["kind"] == "refused" and "newer widget" in answers[1]["text"]
    newer.paint(0, 1, "person")
    assert read_lesson("teacher.jsonl")[0].n_painted == 2


def test_what_cannot_be_saved_is_said_and_saved_with_the_next_stroke(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = make()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    teacher.paint(0, 3, "food")
    settle(teacher)
    assert "No space left" in teacher.unsaved and "No space left" in teacher._view["unsaved"]
    assert teacher._lesson.n_painted == 1
    monkeypatch.setattr(os, "fsync", lambda _: None)
    Page(teacher).say("again")
    settle(teacher)
    assert teacher.unsaved == "" == teacher._view["unsaved"]
    assert read_lesson("teacher.jsonl")[0].n_painted == 1


def test_where_nothing_can_be_written_it_teaches_all_the_same_and_says_so(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("probewidgets.live.keeping.Claim", refuse)
    teacher = make()
    teacher.paint(0, 3, "food")
    settle(teacher)
    assert teacher._lesson.n_painted == 1 and teacher.path == ""
    assert "Permission denied" in teacher._view["unsaved"]
    with pytest.raises(StoreError, match="Permission denied"):
        make(path="x.jsonl", text=TEXT)


def test_it_keeps_where_one_says_or_nowhere(make: Make, tmp_path: Path) -> None:
    make(path=tmp_path / "mine.jsonl", text=TEXT).paint(0, 3, "food")
    assert read_lesson(tmp_path / "mine.jsonl")[0].n_painted == 1
    assert make(path=False, text=TEXT).path == ""
    assert sorted(os.listdir()) == []
    with pytest.raises(StoreError, match="Nothing can be written beside"):
        make(path=tmp_path / "none" / "x.jsonl", text=TEXT)


def test_a_lesson_is_loaded_corrected_and_continued(taught: pw.ProbeTeacher, make: Make, tmp_path: Path) -> None:
    taught.save(tmp_path / "a.jsonl")
    taught.save(tmp_path / "a.conllu")
    for corpus in (tmp_path / "a.jsonl", pw.read_conllu(tmp_path / "a.conllu"), taught.corpus):
        again = make(corpus=corpus, labels=[], path=False)
        assert sorted(again.labels) == ["food", "person"]
        assert again._lesson.n_painted == taught._lesson.n_painted
        again.paint(0, 3, None)
        assert again.corpus[0].annotations["label"] == ("O", "person", "O", None, None)


def test_a_failed_reading_is_shown_what_is_painted_is_kept_and_the_next_try_goes_on(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = make()

    def broken(*_: object) -> None:
        raise RuntimeError("no <b>states</b> today")

    with monkeypatch.context() as patched:
        patched.setattr(LessonStates, "_capture", broken)
        teacher.text = f"{TEXT}\nShe runs."
        settle(teacher)
        assert teacher.error == "RuntimeError: no <b>states</b> today" == teacher._view["error"]
        assert "_capture" in teacher._view["traceback"] or "broken" in teacher._view["traceback"]
        teacher.paint(0, 3, "food")
        settle(teacher)
        assert read_lesson("teacher.jsonl")[0].n_painted == 1
        assert teacher._view["forms"][-3:] == ["She", "runs", "."]
    Page(teacher).say("again")
    settle(teacher)
    assert teacher.error == "" == teacher._view["error"]


# --- labels with other names ------------------------------------------------------------------------------------------


def test_a_renamed_label_keeps_its_words_is_kept_in_the_file_and_undone(taught: pw.ProbeTeacher) -> None:
    taught.label = "food"
    before, colours = taught._lesson, taught._view["palette"]
    Page(taught).say("rename", name="food", to=" meal ")
    lesson, _ = read_lesson("teacher.jsonl")  # not settled: nothing was waited for
    assert lesson.labels == ("meal", "person")
    settle(taught)
    assert taught.labels == ("meal", "person") and taught.label == "meal" == taught._view["labels"][0]
    assert taught.corpus[0].annotations["label"] == ("O", "person", "O", "meal", None)
    assert taught._view["palette"] == colours, "its colour too"
    assert set(taught.predictions.labels) == {"meal", "person", "O"}
    taught.undo()
    assert taught._lesson == before and taught.label == "food"
    taught.redo()
    assert taught.labels == ("meal", "person") and taught.label == "meal"


def test_strokes_of_a_page_that_did_not_know_the_new_name_yet_are_made(make: Make) -> None:
    teacher = make()
    page = Page(teacher)
    bread, rice, fish = units(teacher, "bread", "rice", "fish")
    page.say("paint", units=[bread], label="food")
    page.say("rename", name="food", to="meal")
    assert [message["kind"] for message in page.say("paint", units=[rice], label="food")] == ["ack"]
    page.say("rename", name="meal", to="dish")
    page.say("paint", units=[fish], label="food")
    assert [message["kind"] for message in page.say("choose", label="food")] == ["ack"]
    settle(teacher)
    assert teacher.label == "dish"
    assert [mark for _, mark in teacher._lesson.units].count("dish") == 3
    page.say("label", name="food")
    page.say("paint", units=[fish], label="food")
    assert teacher.corpus[1].annotations["label"][5] == "food", "a label that is made anew is itself"


# --- linked, interrupted ----------------------------------------------------------------------------------------------


def test_its_layer_goes_together_with_that_of_another_widget(taught: pw.ProbeTeacher) -> None:
    curve = pw.LayerCurve(fake_sweep(taught._view["layers"]))
    before = curve.layer
    link = taught.link(curve)
    assert curve.layer == before, "it shows the best, which is no choice of a layer"
    curve.layer = 1
    assert (taught.layer, taught._view["layer"]) == (1, 1)
    taught.layer = 0
    assert curve.layer == 0
    Page(taught).say("choose", layer=2)
    assert curve.layer == 2
    taught.layer = None
    assert curve.layer == 2
    link.unlink()
    curve.layer = 1
    assert taught.layer is None
    settle(taught)


def test_its_brush_stays_its_own_and_what_the_other_does_not_have_is_left(make: Make) -> None:
    teacher = make(labels=["NOUN", "VERB"], layers=[0, 1])
    explorer = pw.ProbeExplorer(fake_predictor(range(7)), text="the cats")
    explorer.link(teacher)
    assert teacher.layer is None, "layer 6 is not there"
    explorer.label = "NOUN"
    teacher.label = "VERB"
    assert (teacher.label, explorer.label) == ("VERB", "NOUN")
    teacher.layer = 1
    assert explorer.layer == 1
    explorer.layer = 5
    assert (teacher.layer, explorer.layer) == (1, 5)
    for layer in ("x", True, 1.5, 5):
        with pytest.raises(WidgetError, match="There is no layer"):
            teacher.layer = layer
    settle(teacher)


@pytest.mark.parametrize("place", ["with_label", "painted", "renamed"])
def test_an_interrupt_while_a_stroke_is_made_loses_nothing(
    make: Make, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of a notebook, it comes in the middle of what a person does, on the thread that does it."""
    teacher = make()
    page, whole = Page(teacher), getattr(Lesson, place)
    kind, fields = {
        "with_label": ("label", {"name": "drink"}),
        "renamed": ("rename", {"name": "food", "to": "drink"}),
        "painted": ("paint", {"units": units(teacher, "bread"), "label": "food"}),
    }[place]

    def interrupted(*arguments: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return whole(*arguments)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):  # noqa: PT012 - as long as it is patched
            patched.setattr(Lesson, place, interrupted)
            page.say(kind, **fields)
    finally:
        signal.signal(signal.SIGINT, before)
    lesson, _ = read_lesson("teacher.jsonl")
    assert lesson.labels == teacher.labels
    assert lesson.n_painted == teacher._lesson.n_painted == (place == "painted")
    assert ("drink" in lesson.labels) == (place != "painted")
    settle(teacher)
    assert page.answered
    page.say("paint", units=units(teacher, "rice"), label="person")
    settle(teacher)
    assert teacher._lesson.n_painted == 1 + (place == "painted")


def test_an_interrupt_of_a_cell_that_paints_comes_between_two_strokes(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = make()
    before, saved = signal.signal(signal.SIGINT, signal.default_int_handler), Keeper.save

    def interrupted(keeper: Keeper, lesson: Lesson) -> None:
        signal.raise_signal(signal.SIGINT)
        saved(keeper, lesson)

    try:
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):  # noqa: PT012 - how far it comes
            patched.setattr(Keeper, "save", interrupted)
            for word in range(4):
                teacher.paint(0, word, "food")
    finally:
        signal.signal(signal.SIGINT, before)
    assert teacher._lesson.n_painted == 1 == read_lesson("teacher.jsonl")[0].n_painted
    settle(teacher)
    teacher.undo()
    assert teacher._lesson.n_painted == 0


# --- undone, refused --------------------------------------------------------------------------------------------------


def test_paint_labels_and_text_are_undone_and_redone(make: Make) -> None:
    teacher = make()
    before = teacher._lesson
    teacher.paint(0, 3, "food")
    teacher.add_label("place")
    assert teacher.label == "place"
    teacher.remove_label("food")
    teacher.text = "The chef"
    after = teacher._lesson
    for _ in range(9):
        teacher.undo()
    assert teacher._lesson == before and teacher.text == TEXT and teacher.label == "O"
    for _ in range(9):
        teacher.redo()
    assert teacher._lesson == after and teacher.text == "The chef"
    teacher.undo()
    teacher.paint(0, 0, "O")
    redone = teacher._lesson
    teacher.redo()
    assert teacher._lesson is redone
    settle(teacher)
    assert teacher._view["undo"] and not teacher._view["redo"]


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("paint", {"units": [0], "label": "drink"}, "no label 'drink'"),
        ("paint", {"units": [999, "x", None], "label": "food"}, "gone"),
        ("paint", {"units": "all", "label": "food"}, "units must be list"),
        ("paint", {"units": [0]}, "needs"),
        ("label", {"name": "a|b"}, "must be a name"),
        ("drop", {"name": "drink"}, "no label"),
        ("rename", {"name": "drink", "to": "x"}, "no label 'drink'"),
        ("rename", {"name": "food", "to": "person"}, "There is a label 'person' already"),
        ("rename", {"name": "food", "to": " "}, "must be a name"),
        ("choose", {"label": "drink"}, "no label"),
        ("choose", {"layer": 99}, "no layer 99"),
        ("text", {"text": "a " * 40_000}, "60,000"),
        ("save", {"format": "json"}, "one of"),
        ("evil", {}, "not understood"),
    ],
)
def test_what_a_page_cannot_mean_is_refused_and_changes_nothing(
    kind: str, fields: dict[str, Any], why: str, make: Make
) -> None:
    teacher = make()
    before = teacher._lesson
    page = Page(teacher)
    answers = page.say(kind, **fields)
    assert answers[1]["kind"] == "refused" and why in answers[1]["text"]
    assert page.answered
    assert teacher._lesson is before


def test_bad_arguments_are_told(make: Make, lm: pw.LanguageModel) -> None:
    with pytest.raises(TypeError, match=r"takes no \['lables'\]"):
        make(lables=["x"])
    with pytest.raises(WidgetError, match="corpus= or text="):
        make(corpus=make().corpus, text="x")
    with pytest.raises(WidgetError, match="LanguageModel"):
        make(model="gpt2")
    with pytest.raises(WidgetError, match="list of names"):
        make(labels="food")
    with pytest.raises(DataError, match="unit must be"):
        make(unit="token")
    with pytest.raises(pw.ProbeWidgetsError, match="Layer 99"):
        make(layers=[99])
    with pytest.raises(DataError, match="no word 40 in sentence 0"):
        make().paint(0, 40, "food")
    with pytest.raises(WidgetError, match="600 sentences"):
        make(text="a b c d e f.\n" * 6_000, path=False)


# --- what is left -----------------------------------------------------------------------------------------------------


def test_files_of_every_kind_hold_what_is_painted(taught: pw.ProbeTeacher, tmp_path: Path) -> None:
    for ending in taught._mimes:
        taught.save(tmp_path / f"a.{ending}")
        assert (tmp_path / f"a.{ending}").stat().st_size > 200
    assert "bread,food" in (tmp_path / "a.csv").read_text("utf-8")
    assert "label=food" in (tmp_path / "a.conllu").read_text("utf-8")
    with pytest.raises(WidgetError, match=r"\.conllu, \.jsonl"):
        taught.save(tmp_path / "a.txt")


def test_a_saved_notebook_shows_what_is_painted_and_predicted_without_a_kernel(taught: pw.ProbeTeacher) -> None:
    with pw.static():
        bundle, _ = taught._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/png"}
    for text in ("bread", "[food]", "[nothing]", "leave-one-sentence-out"):
        assert text in bundle["text/plain"]
    assert "<b><bdi>bread</bdi></b> [<bdi>food</bdi>]" in bundle["text/html"]


def test_what_is_typed_is_escaped_and_an_empty_lesson_is_whole(make: Make) -> None:
    teacher = make(text="<script>alert(1)</script> \u202e x")
    assert "<script>" not in teacher._tables() and "&lt;" in teacher._tables()
    empty = make(text="", labels=[], path=False)
    assert "No sentences yet" in empty._tables()
    assert empty.predictions.units == () and empty._picture() is None
    with pytest.raises(WidgetError, match="nothing to draw"):
        empty.save("x.png")


def test_a_long_lesson_is_shown_in_pages(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "MOST_UNITS", 6)
    teacher = make()
    pages = [(0, 1), (1, 2), (2, 3)]
    page = Page(teacher)
    for start, end in pages:
        page.say("page", sentence=start)
        assert (teacher._view["page"]["start"], teacher._view["page"]["end"]) == (start, end)
    unit = teacher._lesson.sentences[1].ids[2]
    page.say("page", unit=unit)
    assert unit in np.frombuffer(teacher._view["ids"], "<i4")
    page.say("page", sentence=10**9)
    assert teacher._view["page"] == {"start": 2, "end": 3, "total": 3}


def test_the_view_is_small_and_json_can_hold_it(taught: pw.ProbeTeacher) -> None:
    text = json.dumps(taught._view, default=lambda raw: raw.hex(), allow_nan=False)
    assert len(text) < 10_000


def test_closing_ends_the_threads_frees_the_file_and_the_widget(make: Make, lm: pw.LanguageModel) -> None:
    teacher = pw.ProbeTeacher(text=TEXT, model=lm, labels=["food"])
    teacher.paint(0, 3, "food")
    settle(teacher)
    threads = [teacher._teaching._thread, teacher._judging._thread]
    gone = weakref.ref(teacher)
    teacher.close()
    teacher.close()
    assert sorted(os.listdir()) == ["teacher.jsonl"]
    assert not any(thread and thread.is_alive() for thread in threads)
    del teacher
    gc.collect()
    assert gone() is None
    assert make(labels=["food"])._lesson.n_painted == 1


def test_strokes_from_many_threads_are_all_kept(make: Make) -> None:
    teacher = make()
    everything = [unit for unit, _ in teacher._lesson.units]

    def paint(some: list[int]) -> None:
        for unit in some:
            said_to = {"kind": "paint", "seq": unit, "client": f"c{some[0]}", "units": [unit], "label": "food"}
            teacher._handle_custom_msg(said_to, [])

    threads = [threading.Thread(target=paint, args=(everything[start::3],)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle(teacher)
    assert teacher._lesson.n_painted == len(everything)
    assert read_lesson("teacher.jsonl")[0].n_painted == len(everything)
