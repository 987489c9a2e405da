"""Loading: corpora and models, each on a thread of its own; the newest that is asked for is the one that counts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from probewidgets.data.corpus import Corpus
from probewidgets.data.offers import Offer, offer_of, offers_of
from probewidgets.widgets.kit.checks import in_words
from probewidgets.widgets.kit.runners import Job, LatestRunner
from probewidgets.widgets.kit.saved import Saved

__all__ = ["Loaded", "Loading"]


@dataclass
class Loaded:
    """A corpus or a model that was asked for, while it is read and after."""

    value: Any = None
    """It; None while there is none."""
    source: Any = None
    """Of what: the Corpus or LanguageModel itself, a path or name, or None for the embedded one."""
    code: str = ""
    """The expression that gives it."""
    error: str = ""
    offers: Sequence[Offer] = field(default_factory=tuple)
    """The tasks of a corpus; first the one that came from Python, where it is none of its own."""
    busy: bool = True


class Loading(Saved):
    """A widget whose corpus and model are read while its page goes on."""

    corpus: Any
    task: Any
    model: Any

    _reading: LatestRunner[Any, Loaded] = None  # type: ignore[assignment]
    _loading: LatestRunner[Any, Loaded] = None  # type: ignore[assignment]

    def __init__(self, layout: Any) -> None:
        self._texts, self._net = Loaded(), Loaded()
        self._reading = LatestRunner(self._read, self._have_corpus, self._failed_corpus)
        self._loading = LatestRunner(self._load, self._have_model, self._failed_model)
        super().__init__(layout=layout)

    def _follow(self, names: set[str]) -> None:
        """Read what is chosen by now, where it is not read yet, and show it."""
        with self._lock:
            if "corpus" in names:
                self._texts = Loaded(source=self.corpus)
            if "corpus" in names or not isinstance(self.task, str | None):
                self._texts = replace(self._texts, busy=True)
                self._reading.submit((self._texts, self.task))
            if "model" in names:
                self._net = Loaded(source=self.model)
                self._loading.submit(self.model)
            self._changed()

    def _changed(self) -> None:
        """What is chosen, or what is read of it, is another."""
        raise NotImplementedError

    # ------------------------------------------------------------------ on the threads that read

    def _read(self, job: Job[tuple[Loaded, Any]]) -> Loaded:
        loaded, task = job.request
        if loaded.value is None:
            loaded = self._read_texts(loaded.source)
        own = [] if isinstance(task, str | None) or any(each.task == task for each in loaded.offers) else [task]
        return replace(loaded, offers=[*(_own(each, loaded.value) for each in own), *loaded.offers], busy=False)

    @staticmethod
    def _read_texts(source: Any) -> Loaded:
        if source is None:
            from probewidgets.data.corpora.grammar import english

            corpus, code = english(), "pw.corpora.english()"
        elif isinstance(source, Corpus):
            corpus, code = source, f"...  # the Corpus {source.name!r}"
        else:
            from probewidgets.data.readers.recognising import recognised

            reading = recognised(source)
            corpus, code = reading.corpus(), reading.code
        return Loaded(corpus, source, code, offers=offers_of(corpus))

    def _load(self, job: Job[Any]) -> Loaded:
        from probewidgets.models.language_model import LanguageModel

        source = job.request
        if isinstance(source, LanguageModel):
            return Loaded(source, source, f"...  # the LanguageModel {source.name!r}", busy=False)
        name = source if source is None else os.fspath(source)
        code = f"pw.LanguageModel({'' if name is None else repr(name)})"
        return Loaded(LanguageModel(name), source, code, busy=False)

    def _have_corpus(self, job: Job[tuple[Loaded, Any]], loaded: Loaded) -> None:
        with self._lock:
            if job.request[0].source is self.corpus:
                self._texts = loaded
                self._changed()

    def _have_model(self, job: Job[Any], loaded: Loaded) -> None:
        with self._lock:
            if job.request is self.model:
                self._net = loaded
                self._changed()

    def _failed_corpus(self, job: Job[tuple[Loaded, Any]], error: BaseException) -> None:
        self._have_corpus(job, replace(job.request[0], error=in_words(error), busy=False))

    def _failed_model(self, job: Job[Any], error: BaseException) -> None:
        self._have_model(job, Loaded(source=job.request, error=in_words(error), busy=False))


def _own(task: Any, corpus: Corpus) -> Offer:
    """A task that came from Python; one that fails is offered with what it raised, and others can be chosen."""
    try:
        return offer_of(task, corpus)
    except Exception as error:  # whatever somebody's own function raises
        return Offer(task, "label", {}, 0, in_words(error))
