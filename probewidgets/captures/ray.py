"""RayEngine: a capture on many workers, each of which holds the model and writes shards of one store.

Ray Data schedules and retries: the parts of a corpus are the blocks of its dataset, the workers a pool of its actors.
What comes out does not depend on who makes it, or how often it is begun. This is the only module that knows of Ray,
which is imported when an engine runs.
"""

from __future__ import annotations

import copy
import itertools
import json
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import torch

from probewidgets import errors
from probewidgets.captures.parts import Part
from probewidgets.captures.recipe import Recipe, differing, telling
from probewidgets.captures.shards import StateStore
from probewidgets.captures.store import Store
from probewidgets.captures.work import keep
from probewidgets.errors import ModelError, ProbeWidgetsError, StoreError, clipped, whole_number
from probewidgets.machine.files import Folder
from probewidgets.models import loading
from probewidgets.models.tapped import TappedModel

__all__ = ["RayEngine"]


@dataclass(frozen=True)
class RayEngine:
    """Runs a capture on a pool of Ray workers: `capture(..., store="s3://bucket/states", engine=RayEngine(8))`.

    For corpora that take hours on one machine, where there are several machines or several GPUs. For what one device
    does in minutes, starting the workers costs more than they save: leave `engine` out. It needs Ray, an extra of its
    own: `pip install 'probewidgets[ray]'`. Every machine has the same versions, and whatever modules of your own the
    model is made of.

    The store must be one that every worker reaches: an fsspec URL, or a path on a filesystem that all machines mount in
    the same place. A path on this machine's own disk is right only while Ray runs on this machine alone.

    Ray that runs already (`ray.init(...)`) is used as it is; else it is started, or joined at `address`, and left
    running for the next capture (`ray.shutdown()` ends it). A worker that dies is replaced, and what it was at is done
    again, by Ray and as often as it takes: a part that kills its worker each time, such as one that does not fit into
    its memory, is tried until you interrupt. Then, as after an error, every shard that was whole is kept, and the same
    capture goes on from there.

    The store is, byte for byte, the one that this process would have written alone, on workers with the same kind of
    processor. For that, each computes with as many threads as this process, since a sum may be rounded differently with
    another number: before, call `torch.set_num_threads(n)`, with n times the workers of a machine not above its cores.

    Args:
        workers: How many, each with a model of its own.
        gpus_per_worker: GPUs of each; by default 1 where Ray has any, else 0. A fraction lets several workers share
            one.
        address: What `ray.init` is given: nothing for this machine, `"auto"` or `"ray://host:10001"` for a cluster.
        model: How a worker makes its model, e.g. `lambda: LanguageModel("/shared/model")`. By default the captured
            model is sent to each, which for a large one takes long; it is put on the worker's GPU, where it has one.

    Raises:
        ModelError: A setting is wrong. When run: Ray is not installed or does not start, a worker's model has other
            weights than this one, or it fails.
        StoreError: When run: a worker does not see the store, or cannot write to it.
    """

    workers: int
    gpus_per_worker: float | None = None
    address: str | None = None
    model: Callable[[], TappedModel] | None = None

    def __post_init__(self) -> None:
        whole_number("workers", self.workers, 1, ModelError)
        gpus = self.gpus_per_worker
        if gpus is not None and (isinstance(gpus, bool) or not isinstance(gpus, int | float) or not gpus >= 0):
            raise ModelError(f"gpus_per_worker must be a number from 0, but {gpus!r} came.")
        if self.model is not None and (not callable(self.model) or isinstance(self.model, TappedModel)):
            raise ModelError(
                "model must be a function without arguments that makes a LanguageModel, but "
                f"{clipped(self.model, 80)} came: lambda: LanguageModel('/shared/model'); or leave it out, and the "
                "captured model is sent."
            )

    def run(self, recipe: Recipe, parts: Sequence[Part], store: StateStore, bar: Any) -> None:
        """Put every part into the store."""
        if not parts:
            return
        ray = self._started()
        folder = cast(Store, store).folder  # `capture` gives an engine no other
        # What a killed worker leaves half written has this in its name, and is removed in the end.
        mark = secrets.token_hex(4)
        try:
            with _told(ray):
                for row in self._rows(ray, recipe, parts, folder, mark):
                    bar.update(int(row["texts"]))
        finally:
            folder.clear_litter(mark)

    def _started(self) -> Any:
        """Ray, as it runs already, or started now."""
        ray = _ray()
        if not ray.is_initialized():
            try:
                ray.init(address=self.address, log_to_driver=False)
            except Exception as error:  # Ray has no type of its own for a node that does not come up
                deed = "started on this machine" if self.address is None else f"joined at {self.address!r}"
                why = str(error).strip().split("\n")[0]
                raise ModelError(
                    f"Ray cannot be {deed} ({type(error).__name__}: {why:.200}). It gives its own processes 30 s: on a "
                    "busy machine, try again. Or start it yourself with ray.init(...): the engine uses a Ray that runs."
                ) from error
        return ray

    def _gpus(self, ray: Any) -> float:
        """Of each worker."""
        if self.gpus_per_worker is not None:
            return self.gpus_per_worker
        return 1 if ray.cluster_resources().get("GPU", 0) >= 1 else 0

    def _rows(
        self, ray: Any, recipe: Recipe, parts: Sequence[Part], folder: Folder, mark: str
    ) -> Iterator[Mapping[str, Any]]:
        """Word of each part from its worker, as they finish.

        Raises:
            ProbeWidgetsError: Of the kind that a worker handed back.
        """
        gpus = self._gpus(ray)
        with _sending():
            order = ray.put(self._order(recipe, folder.marked(mark), gpus > 0))
        rows = [{"part": _packed(part)} for part in parts]
        blocks = ray.data.from_items(rows, override_num_blocks=len(rows))
        blocks.context.enable_progress_bars = False  # the caller has one
        blocks.context.print_on_execution_start = False
        blocks.context.raise_original_map_exception = True
        done = blocks.map_batches(
            _Worker,
            fn_constructor_args=(order,),
            compute=ray.data.ActorPoolStrategy(size=self.workers),
            batch_size=1,
            num_gpus=gpus,
            num_cpus=1,
        )
        for row in done.iter_rows():
            if row["error"]:
                raise getattr(errors, str(row["error"]))(str(row["message"]))
            yield row

    def _order(self, recipe: Recipe, folder: Folder, on_gpu: bool) -> _Order:
        # Without what the recipe found out about its model: a worker shall find out about its own.
        sent: Any = self.model or _sendable(recipe.model)
        threads, precision = torch.get_num_threads(), torch.get_float32_matmul_precision()
        return _Order(replace(recipe, model=sent), recipe.terms, folder, on_gpu, threads, precision)


@dataclass(frozen=True, eq=False)
class _Order:
    """The order that every worker gets."""

    recipe: Recipe
    """Its model is the model, or what makes it."""
    terms: Mapping[str, Any]
    """The recipe's, as they are here."""
    folder: Folder
    on_gpu: bool
    threads: int
    precision: str


class _Worker:
    """One actor: it holds the model, and captures the parts that it is given."""

    def __init__(self, order: Any) -> None:
        import ray

        self.order: _Order = ray.get(order)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Capture one part. Errors of this package are handed back as values, and raised as themselves over there."""
        part = _unpacked(str(batch["part"][0]))
        try:
            recipe, store = self.ready
            keep(recipe, [part], store)
        except ProbeWidgetsError as error:
            return {"texts": [0], "error": [type(error).__name__], "message": [str(error)]}
        return {"texts": [len(part.texts)], "error": [""], "message": [""]}

    @cached_property
    def ready(self) -> tuple[Recipe, Store]:
        """The recipe with this worker's model, and the store. Made with the first part, whose error is then theirs."""
        order = self.order
        _compute_as(order)
        model: Any = order.recipe.model
        if not isinstance(model, TappedModel):
            model = model()
            if not isinstance(model, TappedModel):
                raise ModelError(f"RayEngine's model must make a LanguageModel, but made a {type(model).__name__}.")
        elif order.on_gpu:
            loading.move(model.model, "cuda")
        recipe = replace(order.recipe, model=model)
        _check(recipe, order.terms)
        _see(order.folder)
        return recipe, Store(order.folder, order.terms)


def _compute_as(order: _Order) -> None:
    """Round sums as the first process would."""
    torch.set_num_threads(order.threads)
    torch.set_float32_matmul_precision(order.precision)


def _see(folder: Folder) -> None:
    """Whether a store can be read from here."""
    if not folder.has("manifest.json"):
        raise StoreError(
            f"The store {folder} is not to be seen from the worker on {socket.gethostname()}. Give a folder that all "
            "machines mount in the same place, or an fsspec URL such as 's3://bucket/folder'."
        )


@contextmanager
def _sending() -> Iterator[None]:
    """Say what cannot be sent."""
    try:
        yield
    except Exception as error:  # whatever a module may hold
        # Ray's own message begins with all that was to be sent; its cause with what could not be.
        why = str(error.__cause__ or error).split("\n")[0]
        raise ModelError(
            f"The model cannot be sent to workers ({why:.200}). Say how each makes its own: "
            "RayEngine(..., model=lambda: LanguageModel('/shared/model'))."
        ) from error


@contextmanager
def _told(ray: Any) -> Iterator[None]:
    """Failures on a worker become an error of this package."""
    try:
        yield
    except ray.exceptions.RayError as error:
        cause = getattr(error, "cause", None)
        # An error of the model speaks first; what Ray says of a worker that never began ends with why.
        why = str(cause).split("\n")[0] if cause else str(error).strip().split("\n")[-1]
        raise ModelError(
            f"A worker of the capture failed ({type(cause or error).__name__}: {why:.300}). What was written before is "
            "kept: mend it, and run the same capture(...) again."
        ) from error


def _ray() -> Any:
    """Ray, with Ray Data."""
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ModelError(f"RayEngine needs Ray ({error}): pip install 'probewidgets[ray]'.") from error
    return ray


def _check(recipe: Recipe, terms: Mapping[str, Any]) -> None:
    """Whether a worker's model gives the states that were asked for."""
    differ = telling(differing(recipe.terms, terms))
    if differ:
        differences = "; ".join(f"{key}: {recipe.terms.get(key)!r} there, {terms[key]!r} here" for key in differ)
        raise ModelError(
            f"The worker on {socket.gethostname()} has another model than {recipe.model.name!r} of this process "
            f"({differences}). Where only the fingerprint differs, its weights, config or tokenizer do: give all "
            "machines the same files, or leave RayEngine(model=...) out, and the captured model is sent."
        )


def _sendable(model: TappedModel) -> TappedModel:
    """The same model, as it can be unpacked elsewhere: on the CPU, since a worker need not have a GPU."""
    with model.lock:
        tensors = itertools.chain(model.model.parameters(), model.model.buffers())
        # Only the modules are copied. A tensor that is on the CPU already stands for itself.
        copies: dict[int, Any] = {id(t): t if t.device.type == "cpu" else _moved(t) for t in tensors}
        twin = copy.copy(model)
        twin.model = copy.deepcopy(model.model, copies)
    # With its first pass, transformers puts hooks on a model that cannot be pickled; over there it puts new ones.
    for module in twin.model.modules():
        for number, hook in list(module._forward_hooks.items()):
            if getattr(hook, "__module__", "") == "transformers.utils.output_capturing":
                del module._forward_hooks[number]
        module.__dict__.pop("_output_capturing_hooks_installed", None)
    return twin


def _moved(tensor: torch.Tensor) -> torch.Tensor:
    there = tensor.detach().cpu()
    return torch.nn.Parameter(there, requires_grad=False) if isinstance(tensor, torch.nn.Parameter) else there


def _packed(part: Part) -> str:
    """A part as JSON, which travels as it is, whatever characters its texts have."""
    lists = {"example": part.example.tolist(), "spans": part.spans.tolist(), "shape": part.spans.shape}
    return json.dumps(vars(part) | lists)


def _unpacked(text: str) -> Part:
    fields = json.loads(text)
    shape = fields.pop("shape")
    return Part(
        **fields
        | {
            "texts": tuple(fields["texts"]),
            "sources": None if fields["sources"] is None else tuple(fields["sources"]),
            "example": np.array(fields["example"], np.int64),
            "spans": np.array(fields["spans"], np.int64).reshape(shape),
        }
    )
