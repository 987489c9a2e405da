"""What annotation tools export is read as they mean it, or refused with where and what to do."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import probewidgets as pw
from probewidgets.data.examples import Span
from probewidgets.errors import DataError, FormatError

TEXT = "Ana Lund joined Acme."
ANA, ACME = Span(0, 8), Span(16, 20)


def lines(folder: Path, rows: list[Any]) -> Path:
    path = folder / "export.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


def whole(folder: Path, rows: list[Any]) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(rows, indent=1))
    return path


def numbered(row: dict[str, Any], n: int = 4) -> list[dict[str, Any]]:
    """The row for several texts: they must be different to be split."""
    rows = []
    for i in range(n):
        rows.append(copy.deepcopy(row))
        holder = rows[-1]["data"] if "data" in row else rows[-1]
        holder["text"] = f"{TEXT} {i}"
    return rows


# --- doccano ----------------------------------------------------------------------------------------------------------

DOCCANO: dict[str, Any] = {
    "id": 7,
    "text": TEXT,
    "entities": [
        {"id": 10, "label": "PER", "start_offset": 0, "end_offset": 8},
        {"id": 11, "label": "ORG", "start_offset": 16, "end_offset": 20},
    ],
    "relations": [{"id": 3, "from_id": 10, "to_id": 11, "type": "works_for"}],
    "Comments": [],
}


def test_doccano_has_entities_and_relations_from_and_to(tmp_path: Path) -> None:
    rows = numbered(DOCCANO)
    rows[3] |= {"entities": [], "relations": []}
    corpus = pw.read_table(lines(tmp_path, rows))
    assert corpus[0].spans["entities"] == ((ANA, "PER"), (ACME, "ORG"))
    assert corpus[0].targets == (((ANA, ACME), "works_for"),) and corpus[3].targets == ()
    assert len(pw.EdgeTask("targets").targets(corpus)) == 3 and len(pw.SpanTask("entities").targets(corpus)) == 6


def test_a_relation_of_doccano_without_its_span_is_named_with_its_line(tmp_path: Path) -> None:
    rows = numbered(DOCCANO)
    rows[2]["relations"][0]["to_id"] = 99
    with pytest.raises(FormatError, match=r"relations.* is between spans of which one is not there.*\[10, 11\]") as e:
        pw.read_table(lines(tmp_path, rows))
    assert e.value.line == 3
    with pytest.raises(DataError, match=r"are pairs of spans, no labels of texts.*EdgeTask\('targets'\)"):
        pw.read_table(lines(tmp_path, numbered(DOCCANO)), label="relations")


def test_a_column_that_is_merely_called_relations_is_a_column(tmp_path: Path) -> None:
    rows = [{"text": f"t{i}", "relations": ["a", "b"][: i % 2 + 1]} for i in range(4)]
    assert pw.SentenceTask("relations").targets(pw.read_table(rows, label="relations")).labels == ("a", "b")


# --- Label Studio -----------------------------------------------------------------------------------------------------


def span(start: int, end: int, label: str, at: str, name: str = "ner") -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": [label]}
    return {"id": at, "from_name": name, "to_name": "text", "type": "labels", "value": value, "origin": "manual"}


def choice(*labels: str) -> dict[str, Any]:
    value = {"choices": list(labels)}
    return {"id": "c", "from_name": "topic", "to_name": "text", "type": "choices", "value": value}


RELATION = {"type": "relation", "from_id": "x", "to_id": "y", "direction": "right", "labels": ["works_for"]}
RESULT = [span(0, 8, "PER", "x"), span(16, 20, "ORG", "y"), RELATION, choice("jobs")]


def task(*results: Any, **more: Any) -> dict[str, Any]:
    annotations = [{"id": i, "completed_by": i, "was_cancelled": False, "result": r} for i, r in enumerate(results)]
    return {"id": 1, "data": {"text": TEXT, "doc": "d"}, "annotations": annotations, "predictions": [], **more}


@pytest.mark.parametrize("save", [lines, whole])
def test_a_task_of_label_studio_has_spans_choices_and_relations_by_the_names_of_their_controls(
    tmp_path: Path, save: Any
) -> None:
    corpus = pw.read_table(save(tmp_path, numbered(task(RESULT))), label="topic")
    assert corpus[1].text == f"{TEXT} 1" and corpus[1].spans == {"ner": ((ANA, "PER"), (ACME, "ORG"))}
    assert corpus[1].targets == (((ANA, ACME), "works_for"),) and corpus[1].labels == {"topic": "jobs"}
    assert pw.SpanTask("ner").targets(corpus).labels == ("ORG", "PER")


def test_other_fields_of_the_data_are_columns(tmp_path: Path) -> None:
    rows = numbered(task(RESULT))
    for i, row in enumerate(rows):
        row["data"] |= {"review": row["data"].pop("text"), "doc": f"d{i // 2}"}
    with pytest.raises(DataError, match=r"no column 'text'.*It has: doc, review, topic, ner\. Did you mean 'review'"):
        pw.read_table(whole(tmp_path, rows))
    rows += [{**row, "data": {"review": row["data"]["review"] + "!", "doc": "d9"}} for row in rows]
    corpus = pw.read_table(whole(tmp_path, rows), text="review", label="topic", group="doc")
    assert {side for side, at in corpus.split.items() if {0, 1} & set(at)} == {
        side for side, at in corpus.split.items() if {0, 1} <= set(at)
    }


@pytest.mark.parametrize(
    ("direction", "pairs"),
    [("right", [(ANA, ACME)]), ("left", [(ACME, ANA)]), ("bi", [(ANA, ACME), (ACME, ANA)]), (None, [(ANA, ACME)])],
)
def test_a_relation_goes_where_its_arrow_points(direction: str | None, pairs: list[Any]) -> None:
    rows = numbered(task([*RESULT[:2], {**RELATION, "direction": direction}]))
    assert [spans for spans, _ in pw.read_table(rows)[0].targets] == pairs


def test_several_choices_are_a_list_of_labels_and_one_each_a_label() -> None:
    rows = [*numbered(task([choice("jobs")])), *numbered(task([choice("jobs", "people")]), 1)]
    rows[-1]["data"]["text"] = "another"
    corpus = pw.read_table(rows, label="topic")
    assert [example.labels["topic"] for example in corpus] == [["jobs"]] * 4 + [["jobs", "people"]]


def test_a_span_with_two_labels_and_one_with_a_choice_are_marked_with_each() -> None:
    two = span(0, 8, "PER", "x")
    two["value"]["labels"] = ["PER", "EMPLOYEE"]
    chosen = {**choice("glad"), "value": {"start": 0, "end": 8, "text": "Ana Lund", "choices": ["glad"]}}
    with pytest.warns(UserWarning, match="have another label, too"):
        corpus = pw.read_table(numbered(task([two, chosen])))
    assert corpus[0].spans == {"ner": ((ANA, "PER"), (ANA, "EMPLOYEE")), "topic": ((ANA, "glad"),)}


def test_annotators_who_agree_are_one_and_of_others_the_ground_truth_counts() -> None:
    again = copy.deepcopy(RESULT)
    for item in again:
        item["id"] = f"other {item.get('id')}"
    again[2] |= {"from_id": "other x", "to_id": "other y"}
    assert len(pw.read_table(numbered(task(RESULT, again)))[0].targets) == 1
    differ = task(RESULT, RESULT[:1])
    with pytest.raises(DataError, match=r"row 0: 2 annotations \(of '0, 1'\) differ.*mark one as such in Label Studio"):
        pw.read_table(numbered(differ))
    differ["annotations"][1]["ground_truth"] = True
    assert pw.read_table(numbered(differ))[0].spans == {"ner": ((ANA, "PER"),)}


def test_tasks_that_nobody_annotated_and_types_that_are_not_read_are_told() -> None:
    skipped = task(RESULT)
    skipped["annotations"][0]["was_cancelled"] = True
    note = {"id": "n", "from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": ["hm"]}}
    rows = [*numbered(task([*RESULT, note])), skipped, task()]
    with pytest.warns(UserWarning, match="are left out|not read") as told:
        corpus = pw.read_table(rows)
    assert len(corpus) == 4
    assert [str(warning.message).split(":")[0] for warning in told] == [
        "2 of 6 tasks of 'table' have no annotation, and are left out.",
        "Results of the type(s) textarea in 'table' are not read",
    ]
    with pytest.raises(DataError, match="none of its 2 tasks has an annotation"):
        pw.read_table([skipped, task()])


def test_what_a_text_without_spans_says_is_that_there_is_none() -> None:
    rows = [*numbered(task(RESULT)), {**task([]), "data": {"text": "Nobody."}}]
    corpus = pw.read_table(rows)
    assert corpus[4].spans.get("ner", ()) == () and len(pw.SpanTask("ner").targets(corpus)) == 8


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ([span(0, 8, "PER", "x", name="doc")], r"The control 'doc' \(from_name\) is called as a column of the data"),
        ([{"type": "labels", "value": {}}], "must have a type, a from_name and a value each"),
        ([{**span(0, 8, "PER", "x"), "value": {"start": "/p", "end": "/p", "labels": ["A"]}}], "two whole numbers"),
        ([{**span(0, 8, "PER", "x"), "value": {"start": 1, "end": 8, "text": "Ana", "labels": ["A"]}}], "was marked"),
        ("none", "'annotations' must have a 'result' each"),
        ([{**RELATION, "from_id": "gone"}], "is between spans of which one is not there"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_task_is_named_with_its_row(tmp_path: Path, result: Any, message: str) -> None:
    rows = [*numbered(task(RESULT)), task(result)]
    with pytest.raises(FormatError, match=message) as caught:
        pw.read_table(lines(tmp_path, rows))
    assert caught.value.line == 5


def test_the_small_export_of_label_studio_is_read_too() -> None:
    row = {
        "id": 1,
        "text": TEXT,
        "ner": [{"start": 0, "end": 8, "text": "Ana Lund", "labels": ["PER", "EMPLOYEE"]}],
        "topic": {"choices": ["jobs", "people"]},
        "annotator": 1,
        "annotation_id": 5,
    }
    rows = [{**row, "id": i, "text": f"{TEXT} {i}"} for i in range(4)]
    with pytest.warns(UserWarning, match="have another label, too"):
        corpus = pw.read_table([*rows, {**rows[3], "annotator": 2, "annotation_id": 9}], label=["ner", "topic"])
    assert len(corpus) == 4 and corpus[0].labels == {"topic": ["jobs", "people"]}
    assert corpus[0].spans == {"ner": ((ANA, "PER"), (ANA, "EMPLOYEE"))}
    with pytest.raises(DataError, match="row 4: this is another annotation of the text 3, and they differ"):
        pw.read_table([*rows, {**rows[3], "annotation_id": 9, "ner": []}], label=["ner", "topic"])


# --- Prodigy ----------------------------------------------------------------------------------------------------------

PRODIGY: dict[str, Any] = {
    "text": TEXT,
    "_input_hash": 1,
    "_task_hash": 2,
    "tokens": [{"text": "Ana", "start": 0, "end": 3, "id": 0, "ws": True}],
    "spans": [{"start": 0, "end": 8, "token_start": 0, "token_end": 1, "label": "PER"}],
    "_view_id": "ner_manual",
    "answer": "accept",
}


def test_spans_of_prodigy_are_those_that_were_accepted_and_the_rest_is_told() -> None:
    rows = numbered(PRODIGY, 6)
    rows[4]["answer"], rows[5]["answer"] = "reject", "ignore"
    del rows[3]["spans"]
    with pytest.warns(UserWarning, match=r"2 of 6 rows of 'table' were rejected or to be ignored \(answer\)"):
        corpus = pw.read_table(rows)
    assert len(corpus) == 4 and [example.spans.get("spans", ()) for example in corpus] == [((ANA, "PER"),)] * 3 + [()]
    with pytest.raises(DataError, match="none of its 1 rows has the answer 'accept'"):
        pw.read_table(rows[4:5])


def test_choices_of_prodigy_are_labels_and_so_is_its_answer() -> None:
    options = [{"id": "good", "text": "Good"}, {"id": "bad", "text": "Bad"}]
    rows = [
        {"text": f"{TEXT} {i}", "options": options, "accept": [["good", "bad"][i % 2]], "answer": "accept", "_x": 1}
        for i in range(6)
    ]
    corpus = pw.read_table(rows, label="accept")
    assert pw.SentenceTask("accept").targets(corpus).labels == ("bad", "good")
    with pytest.raises(DataError, match=r"say label='accept' for another"):
        pw.read_table(rows)
    rows[0]["accept"] = ["good", "bad"]
    assert pw.read_table(rows, label="accept")[1].labels["accept"] == ["bad"]
    rows[1]["answer"], rows[2]["answer"] = "reject", "ignore"
    with pytest.warns(UserWarning, match="1 of 6 rows of 'table' were to be ignored"):
        answers = pw.read_table(rows, label="answer")
    assert [example.labels["answer"] for example in answers] == ["accept", "reject", "accept", "accept", "accept"]


def test_relations_of_prodigy_are_modifier_and_head() -> None:
    head = {"start": 16, "end": 20, "token_start": 3, "token_end": 3, "label": "ORG"}
    child = {"start": 0, "end": 8, "token_start": 0, "token_end": 1, "label": "PER"}
    relation = {"head": 3, "child": 1, "head_span": head, "child_span": child, "label": "works_for", "color": "#fff"}
    corpus = pw.read_table(numbered({**PRODIGY, "relations": [relation]}))
    assert corpus[0].targets == (((ANA, ACME), "works_for"),)
    assert pw.EdgeTask("targets").targets(corpus).labels == ("works_for",)
