"""DVC does not follow imports: each stage lists every module of adscreen that it runs, or a stale result would stay."""

import ast
from functools import cache
from pathlib import Path

import pytest
import yaml

from adscreen.stages import settings

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]


def file_of(module):
    """The file of a module of adscreen, or None if there is no such module."""
    base = SRC.joinpath(*module.split("."))
    return next((f for f in (base.with_suffix(".py"), base / "__init__.py") if f.is_file()), None)


def statements(node):
    """All statements below `node`, but not those for type checkers alone."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from statements(child)


@cache
def imports(file):
    """The adscreen modules that a file imports, anywhere in it, with the packages they lie in."""
    # `adscreen.Scorer` is looked up by name when somebody asks for it; no stage does.
    if file == SRC / "adscreen" / "__init__.py":
        return frozenset()
    names = set()
    for node in statements(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports are not followed"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    parts = [name.split(".") for name in names if name.split(".")[0] == "adscreen"]
    packages = {".".join(part[: i + 1]) for part in parts for i in range(len(part))}
    return frozenset(file_of(name) for name in packages if file_of(name))


@cache
def files_run_by(module):
    """Every file that running `module` may execute or read from the package."""
    found, queue = set(), [file_of(module)]
    while queue:
        file = queue.pop()
        if file not in found:
            found.add(file)
            if file.suffix == ".py":
                # A module also reads what it names and what lies beside it: tables, word lists, code for MLflow.
                text = file.read_text(encoding="utf-8")
                queue += [*imports(file), *(other for other in file.parent.iterdir() if f'"{other.name}"' in text)]
    # A package with nothing but a docstring has nothing to go stale.
    return {file.relative_to(ROOT) for file in found if file.name != "__init__.py" or has_code(file)}


def has_code(file):
    """Whether a module holds more than its docstring."""
    return len(ast.parse(file.read_text(encoding="utf-8")).body) > 1


def listed(stage):
    return {Path(dep) for dep in STAGES[stage]["deps"]}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_lists_every_file_of_adscreen_that_it_runs(stage):
    deps = listed(stage)
    missing = [f for f in files_run_by(f"adscreen.stages.{stage}") if not deps & {f, *f.parents}]
    assert sorted(map(str, missing)) == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_lists_nothing_of_adscreen_that_it_does_not_run(stage):
    run = files_run_by(f"adscreen.stages.{stage}")
    own = [dep for dep in listed(stage) if dep.parts[0] == "src"]
    assert [str(dep) for dep in own if not any(dep in {f, *f.parents} for f in run)] == []


@pytest.mark.parametrize("stage", STAGES)
def test_whatever_a_stage_lists_is_there_or_made_by_an_earlier_stage(stage):
    earlier = list(STAGES)[: list(STAGES).index(stage)]
    made = {name for s in earlier for name in outputs(s)}
    assert [d for d in STAGES[stage]["deps"] if d not in made and not (ROOT / d).exists()] == []


def outputs(stage):
    """Every path that a stage declares to write."""
    entries = [entry for kind in ("outs", "metrics", "plots") for entry in STAGES[stage].get(kind, [])]
    return {next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries}


@pytest.mark.parametrize("stage", STAGES)
def test_the_command_of_a_stage_runs_its_module(stage):
    assert STAGES[stage]["cmd"] == f"python -m adscreen.stages.{stage}"


def test_the_stages_stand_in_the_order_of_the_flow():
    assert list(STAGES) == [
        "ingest",
        "signals",
        "campaigns",
        "split",
        "fit",
        "calibrate",
        "evaluate",
        "package",
    ]


def test_every_section_of_the_parameters_is_watched_by_a_stage():
    watched = {name.split(".")[0] for stage in STAGES.values() for name in stage.get("params", [])}
    assert watched == {"corpora", "split", "fit", "warning", "deep", "calibrate", "evaluate", "package"}


def test_every_file_that_the_stages_share_is_declared():
    paths = settings.Paths()
    shared = ("ads", "groups", "folds", "scores", "text_model", "judged", "calibration", "metrics", "tables", "bundle")
    declared = {name for stage in STAGES for name in outputs(stage)}
    assert {getattr(paths, name).as_posix() for name in shared} <= declared


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_lists_the_files_of_earlier_stages_that_its_code_reads(stage):
    """Found by name in the source: `paths.groups` in a stage, or in the readers of stage fit that it calls."""
    sources = {s: ast.parse((SRC / "adscreen" / "stages" / f"{s}.py").read_text(encoding="utf-8")) for s in STAGES}
    readers = {n.name: n for n in sources["fit"].body if isinstance(n, ast.FunctionDef) and n.name.startswith("read_")}
    names = {n.id for n in ast.walk(sources[stage]) if isinstance(n, ast.Name)}
    code = " ".join(
        [ast.unparse(sources[stage]), *(ast.unparse(node) for name, node in readers.items() if name in names)]
    )
    made = {s: outputs(s) for s in STAGES}
    earlier = set().union(*(made[s] for s in list(STAGES)[: list(STAGES).index(stage)]))
    deps = set(STAGES[stage]["deps"])
    for name in (
        "ads",
        "groups",
        "folds",
        "scores",
        "text_model",
        "judged",
        "calibration",
        "metrics",
        "tables",
        "plots",
    ):
        path = getattr(settings.Paths(), name).as_posix()
        if f"paths.{name}" in code:
            needed = {out for out in earlier if out == path or out.startswith(path + "/")}
            assert sorted(needed - deps) == [], f"{stage} reads {path}"
