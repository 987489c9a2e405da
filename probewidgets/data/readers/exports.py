"""What annotation tools export, as rows of a table: Label Studio's tasks, Prodigy's answers, doccano's relations."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from probewidgets.data.examples import Span
from probewidgets.data.readers.marked import END, START, mark_of
from probewidgets.data.readers.rows import Row, Table
from probewidgets.errors import DataError, clipped

__all__ = ["Export", "exported", "pairs_of"]

RELATIONS = "relations"
PAIRS = "pairs of spans"
"""The column in which they are kept: (item, item, label) each."""
_ENDS = ({"from_id", "to_id"}, {"head_span", "child_span"})
"""Keys of a relation: of doccano, whose spans have an id, and of Prodigy."""
_ANSWERS = ("accept", "reject", "ignore")
_BOOKKEEPING = ("answer", "tokens", "options", "config", "meta")
"""Columns of Prodigy that say nothing of a text."""


@dataclass(frozen=True)
class Export:
    """A table as its tool meant it."""

    table: Table
    spans: tuple[str, ...] = ()
    """Columns of spans that the tool names."""


def exported(table: Table, asked: Sequence[str]) -> Export:
    """The table, with one row for each text that was annotated; as it is, where it is of no such tool.

    Args:
        table: As it was read.
        asked: The columns of labels that are asked for.

    Raises:
        DataError: A task of Label Studio has several annotations that differ; no answer of Prodigy is accepted; a
            relation is between spans that are not there.
    """
    spans: tuple[str, ...] = ()
    if any(_is_task(row) for _, row in table.rows):
        table, spans = _label_studio(table)
    elif {"id", "annotation_id"} <= set(table.columns):
        table = _small(table)
    elif any(row.get("answer") in _ANSWERS for _, row in table.rows):
        table = _prodigy(table, asked)
    return Export(_related(table, asked), spans)


def pairs_of(row: Row, text: str) -> tuple[tuple[tuple[Span, ...], Any], ...]:
    """The pairs of spans of a row, each with its label: what `Example.targets` holds.

    Raises:
        DataError: A span leaves the text; see `mark_of`.
    """
    return tuple(
        (tuple(mark_of(item, text, RELATIONS, labelled=False)[0] for item in items), label)
        for *items, label in row.get(PAIRS) or ()
    )


# --- relations: doccano, Prodigy --------------------------------------------------------------------------------------


def _related(table: Table, asked: Sequence[str]) -> Table:
    """The table with its relations as pairs of spans, where it has a column of them."""
    cells = [items for _, row in table.rows if isinstance(items := row.get(RELATIONS), list) and items]
    if not cells or not all(map(_is_relation, (item for items in cells for item in items))):
        return table
    if RELATIONS in asked:
        raise DataError(
            f"{RELATIONS!r} of {table.name!r} are pairs of spans, no labels of texts: leave label={RELATIONS!r} out "
            "(label=() for none), and read them with EdgeTask('targets')."
        )
    rows = []
    for at, row in table.rows:
        try:
            rows.append((at, {**row, PAIRS: list(_pairs(row))}))
        except DataError as error:
            raise table.fail(at, str(error)) from None
    return replace(table, columns=[column for column in table.columns if column != RELATIONS], rows=rows)


def _is_relation(item: Any) -> bool:
    return isinstance(item, Mapping) and any(ends <= item.keys() for ends in _ENDS)


def _pairs(row: Row) -> Iterator[tuple[Any, Any, Any]]:
    """Two spans and a label of each relation: from and to, or modifier (child) and head."""
    spans = {
        item["id"]: item
        for items in row.values()
        if isinstance(items, list)
        for item in items
        if isinstance(item, Mapping) and "id" in item and any(key in item for key in START)
    }
    for relation in row.get(RELATIONS) or ():
        label = next((relation[key] for key in ("type", "label") if relation.get(key) not in (None, "")), None)
        if "head_span" in relation:
            yield relation["child_span"], relation["head_span"], label
            continue
        first, second = spans.get(relation["from_id"]), spans.get(relation["to_id"])
        if first is None or second is None:
            raise DataError(
                f"{RELATIONS!r}: {clipped(relation)} is between spans of which one is not there; these are: "
                f"{clipped(list(spans), 60)}. Export the texts with their spans."
            )
        yield first, second, label


# --- Prodigy ----------------------------------------------------------------------------------------------------------


def _prodigy(table: Table, asked: Sequence[str]) -> Table:
    """The rows that were accepted; of those where `"answer"` is asked for, also the rejected ones."""
    wanted = _ANSWERS[:2] if "answer" in asked else _ANSWERS[:1]
    rows = [(at, row) for at, row in table.rows if row.get("answer") in (*wanted, None)]
    left = len(table.rows) - len(rows)
    if not rows:
        raise DataError(f"{table.name!r}: none of its {left:,} rows has the answer 'accept', so none is annotated.")
    if left:
        what = "to be ignored" if "answer" in asked else "rejected or to be ignored"
        warnings.warn(
            f"{left:,} of {len(table.rows):,} rows of {table.name!r} were {what} (answer), and are left out. Whether "
            "each was accepted is a label, too: label='answer'.",
            stacklevel=5,
        )
    if "accept" in asked:
        rows = _alone(rows, "accept")
    later = [column for column in table.columns if column not in _BOOKKEEPING and not column.startswith("_")]
    return replace(table, columns=[*(c for c in table.columns if c not in later), *later], rows=rows)


def _alone(rows: Iterable[tuple[int, Row]], column: str) -> list[tuple[int, Row]]:
    """Rows with the one choice of each, where every list of choices has one."""
    rows = list(rows)
    lists = [row.get(column) for _, row in rows if row.get(column) is not None]
    if not all(isinstance(items, list) and len(items) == 1 for items in lists):
        return rows
    return [(at, {**row, column: row[column][0] if row.get(column) is not None else None}) for at, row in rows]


# --- Label Studio -----------------------------------------------------------------------------------------------------


def _is_task(row: Row) -> bool:
    return isinstance(row.get("data"), Mapping) and isinstance(row.get("annotations"), list)


@dataclass
class _Task:
    """What a task says: columns by the names of the controls (`from_name`)."""

    spans: dict[str, list[Any]] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    relations: list[Any] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    """Types of results that are not read."""


def _label_studio(table: Table) -> tuple[Table, tuple[str, ...]]:
    """A row for each task that was annotated, and the columns of spans."""
    tasks: list[tuple[int, Mapping[str, Any], _Task]] = []
    for at, row in table.rows:
        if not _is_task(row):
            raise table.fail(at, f"expected a task of Label Studio, as in other rows, but {clipped(dict(row))} came.")
        try:
            result = _result(row["annotations"])
            if result is not None:
                tasks.append((at, row["data"], _task(result, row["data"])))
        except DataError as error:
            raise table.fail(at, str(error)) from None
    _warn(table, len(table.rows) - len(tasks), sorted({kind for *_, task in tasks for kind in task.others}))
    spans = tuple(dict.fromkeys(name for *_, task in tasks for name in task.spans))
    labels = dict.fromkeys(name for *_, task in tasks for name in task.labels)
    empty: Mapping[str, Any] = {name: [] for name in spans} | dict.fromkeys(labels)
    columns = dict.fromkeys(column for _, data, _ in tasks for column in data)
    rows: list[tuple[int, Row]] = [
        (at, {**dict.fromkeys(columns), **data, **empty, **task.spans, **task.labels, RELATIONS: task.relations})
        for at, data, task in tasks
    ]
    for name in labels:
        rows = _alone(rows, name)
    return replace(table, columns=[*columns, *labels, *spans], rows=rows), spans


def _result(annotations: Sequence[Any]) -> list[Any] | None:
    """The results of a task; None where nobody has annotated it."""
    done = [a for a in annotations if isinstance(a, Mapping) and not a.get("was_cancelled")]
    if not all(isinstance(a.get("result"), list) for a in done):
        raise DataError("'annotations' must have a 'result' each. Choose the export JSON in Label Studio.")
    best = [a for a in done if a.get("ground_truth")] or done
    contents = [sorted(map(repr, map(_content, a["result"]))) for a in best]
    if any(content != contents[0] for content in contents):
        who = ", ".join(str(a.get("completed_by", a.get("id"))) for a in best)
        raise DataError(
            f"{len(best)} annotations (of {clipped(who, 40)}) differ, and none is the ground truth: mark one as such "
            "in Label Studio, or leave one in each task before."
        )
    return best[0]["result"] if best else None


def _content(item: Any) -> Any:
    """A result without what tells annotators apart."""
    return [(key, item[key]) for key in ("from_name", "type", "value", "direction", "labels") if key in item]


def _task(result: Sequence[Any], data: Mapping[str, Any]) -> _Task:
    """What the results of a task say."""
    task = _Task()
    for item in result:
        given = item if isinstance(item, Mapping) else {}
        kind, name, value = map(given.get, ("type", "from_name", "value"))
        if kind == "relation":
            task.relations += _directed(item)
            continue
        if not (isinstance(kind, str) and isinstance(name, str) and isinstance(value, Mapping)):
            raise DataError(
                f"'result' must have a type, a from_name and a value each, but {clipped(item)} came. Choose the "
                "export JSON in Label Studio."
            )
        if name in data:
            raise DataError(
                f"The control {name!r} (from_name) is called as a column of the data is: rename it in the labelling "
                "interface, or in the export."
            )
        _add(task, name, kind, item)
    return task


def _add(task: _Task, name: str, kind: str, item: Mapping[str, Any]) -> None:
    """One result: spans, or a label of the text."""
    value = item["value"]
    given = value.get(kind)
    if any(key in value for key in (*START, *END)):
        for label in given if isinstance(given, list) else [given]:
            span = {key: value[key] for key in ("start", "end", "text") if key in value}
            task.spans.setdefault(name, []).append({**span, "label": label, "id": item.get("id")})
    elif kind in ("choices", "rating", "number"):
        task.labels[name] = given
    else:
        task.others.add(kind)


def _directed(relation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A relation as from and to, with each of its labels; both ways where it has no direction."""
    ends = relation.get("from_id"), relation.get("to_id")
    ways = {"left": [ends[::-1]], "bi": [ends, ends[::-1]]}.get(str(relation.get("direction")), [ends])
    for first, second in ways:
        for label in relation.get("labels") or [None]:
            yield {"from_id": first, "to_id": second, "type": label}


_OF_ONE = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time")
"""Columns of the small export that tell annotations of one text apart."""


def _small(table: Table) -> Table:
    """The rows of the small export (JSON-MIN), one for each text, with lists of several choices as such."""
    rows: dict[Any, tuple[int, Row]] = {}
    for at, given in table.rows:
        row = {
            column: value["choices"] if isinstance(value, Mapping) and value.keys() == {"choices"} else value
            for column, value in given.items()
        }
        _, first = rows.setdefault(str(row["id"]), (at, row))
        if any(row[column] != first[column] for column in row if column not in _OF_ONE):
            raise table.fail(
                at,
                f"this is another annotation of the text {clipped(row['id'])}, and they differ: choose the export "
                "JSON, with one annotation marked as the ground truth, or leave one of each text before.",
            )
    return replace(table, rows=list(rows.values()))


def _warn(table: Table, left: int, others: Sequence[str]) -> None:
    if left == len(table.rows):
        raise DataError(f"{table.name!r}: none of its {left:,} tasks has an annotation that was not skipped.")
    if left:
        warnings.warn(
            f"{left:,} of {len(table.rows):,} tasks of {table.name!r} have no annotation, and are left out.",
            stacklevel=6,
        )
    if others:
        warnings.warn(
            f"Results of the type(s) {', '.join(others)} in {table.name!r} are not read: spans (labels) and labels of "
            "texts (choices, rating, number) are.",
            stacklevel=6,
        )
