"""Loading: corpora and models, each on a thread of its own; the newest that is asked for is the one that counts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from probewidgets.data.corpus import Corpus
from probewidgets.data.offers import Offer, offers_of
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
    """The tasks of a corpus."""
    busy: bool = True


class Loading(Saved):
    """A widget whose corpus and model are read while its page goes on."""

    corpus: Any
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
                self._reading.submit(self.corpus)
            if "model" in names:
                self._net = Loaded(source=self.model)
                self._loading.submit(self.model)
            self._changed()

    def _changed(self) -> None:
        """What is chosen, or what is read of it, is another."""
        raise NotImplementedError

    # ------------------------------------------------------------------ on the threads that read

    def _read(self, job: Job[Any]) -> Loaded:
        source = job.request
        if source is None:
            from probewidgets.data.corpora.grammar import english

            corpus, code = english(), "pw.corpora.english()"
        elif isinstance(source, Corpus):
            corpus, code = source, f"...  # the Corpus {source.name!r}"
        else:
            from probewidgets.data.readers.recognising import recognised

            reading = recognised(source)
            corpus, code = reading.corpus(), reading.code
        return Loaded(corpus, source, code, offers=offers_of(corpus), busy=False)

    def _load(self, job: Job[Any]) -> Loaded:
        from probewidgets.models.language_model import LanguageModel

        source = job.request
        if isinstance(source, LanguageModel):
            return Loaded(source, source, f"...  # the LanguageModel {source.name!r}", busy=False)
        name = source if source is None else os.fspath(source)
        code = f"pw.LanguageModel({'' if name is None else repr(name)})"
        return Loaded(LanguageModel(name), source, code, busy=False)

    def _have_corpus(self, job: Job[Any], loaded: Loaded) -> None:
        with self._lock:
            if job.request is self.corpus:
                self._texts = loaded
                self._changed()

    def _have_model(self, job: Job[Any], loaded: Loaded) -> None:
        with self._lock:
            if job.request is self.model:
                self._net = loaded
                self._changed()

    def _failed_corpus(self, job: Job[Any], error: BaseException) -> None:
        self._have_corpus(job, Loaded(source=job.request, error=in_words(error), busy=False))

    def _failed_model(self, job: Job[Any], error: BaseException) -> None:
        self._have_model(job, Loaded(source=job.request, error=in_words(error), busy=False))
