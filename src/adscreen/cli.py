"""The command line: parse, call, print. All work is done elsewhere.

Commands on ads and on models stand here, those of ``adscreen campaigns`` in `adscreen.cli_campaigns`, and what both
need in `adscreen.cli_options`.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from adscreen.cli_campaigns import campaigns_app
from adscreen.cli_options import (
    Deep,
    Format,
    Indicators,
    Inputs,
    Json,
    Mapping,
    Model,
    Reveal,
    exit_for_rejects,
    load_scorer,
    progress_of,
)
from adscreen.errors import AdscreenError
from adscreen.messages import log, log_as_json, say
from adscreen.quick_start import collect_rarely, import_numba
from adscreen.stopping import SIGNALS, Stopped, stop_at_once

app = typer.Typer(
    name="adscreen",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
model_app = typer.Typer(help="Show or verify a model file.", no_args_is_help=True)
data_app = typer.Typer(help="Bring labelled data into the form the training stages read.", no_args_is_help=True)
app.add_typer(model_app, name="model")
app.add_typer(data_app, name="data")
app.add_typer(campaigns_app, name="campaigns")


def _print_version(wanted: bool) -> None:
    if wanted:
        from adscreen import __version__

        typer.echo(f"adscreen {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Screen recruitment ads for deceptive overseas offers. adscreen orders your reading; people decide."""


@app.command(epilog="Example: adscreen score in/ -o out/ --workers 2 --resume")
def score(
    inputs: Inputs,
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            help="Result file: .csv, .jsonl, .parquet or .xlsx; - for JSON lines on stdout; or a folder (end it in /), "
            "which gets one part for each input part.",
        ),
    ],
    model: Model = None,
    indicators: Indicators = None,
    reveal: Reveal = False,
    deep: Deep = False,
    mapping: Mapping = None,
    input_format: Format = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", help="Column to repeat after those of the result; '*' for all that are no ad field."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes; the output is the same.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Folder: skip the parts that are finished.")] = False,
    shard: Annotated[str | None, typer.Option("--shard", help="Folder: i/n, only the i-th of n shares.")] = None,
    output_format: Annotated[
        str | None, typer.Option("--output-format", help="Folder: csv, jsonl, parquet or xlsx; else as the input.")
    ] = None,
    as_json: Json = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Write JSON lines on stderr, and no progress.")] = False,
) -> None:
    """Judge every ad: one result row for each, in input order.

    INPUTS may be globs and folders of tables. Rows that cannot be read are set aside in OUTPUT.rejected.jsonl with row
    number and reason, in a folder below OUTPUT/_adscreen, as are parts that cannot be read (exit code 4).
    """
    import_numba()
    from adscreen.ads.columns import parse_map
    from adscreen.scoring.jobs.plan import Settings
    from adscreen.scoring.run import Request, score_request
    from adscreen.summaries import say_scored

    if log_json:
        log_as_json()
    settings = Settings(parse_map(mapping or []), input_format, output_format, tuple(keep or ()), reveal, deep)
    request = Request(inputs, output, settings, model, indicators, workers, resume, shard)
    with progress_of("scoring") as progress:
        outcome = score_request(request, progress=progress, log=log)
    counters = outcome.counters
    if as_json:
        typer.echo(json.dumps(outcome.as_json(), ensure_ascii=False), err=output == "-")
    say_scored(outcome, output, summary=not as_json)
    shown = counters.first_rejects if output == "-" else []
    exit_for_rejects(counters.rejected, shown, outcome.rejected, outcome.failures)


@app.command(epilog="Example: adscreen screen ads.xlsx --budget 40 --report report.html")
def screen(
    inputs: Inputs,
    budget: Annotated[int, typer.Option(min=1, help="How many ads you can read; a campaign counts as one.")] = 20,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a page to open in a browser, with the evidence of each ad.")
    ] = None,
    model: Model = None,
    indicators: Indicators = None,
    deep: Deep = False,
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Print the campaigns and ads to read first, most suspicious on top, each with its reason.

    Ads that belong together take one place: the ad of the highest risk stands for the campaign.

    With --report also writes one HTML file that needs no network: the ads with their evidence marked, the question
    to ask about each sign, and what could not be judged. Contacts are masked in it.
    """
    import_numba()
    from adscreen.ads.columns import parse_map
    from adscreen.screening.screen import check_report, report_on, screen_files

    fields = parse_map(mapping or [])
    scorer = load_scorer(model, indicators, deep=deep)
    if report is not None:
        check_report(report, inputs)
    with progress_of("screening") as progress:
        screened = screen_files(scorer, inputs, budget, mapping=fields, input_format=input_format, progress=progress)
    if report is not None:
        report_on(report, scorer, screened, inputs, budget)
    counters = screened.counters
    if as_json:
        ads = [{name: value for name, value in row.items() if name not in ("key", "ad")} for row in screened.ranked]
        summary = {**counters.as_json(), "model_version": scorer.version, "ads": ads}
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        from adscreen.printing import print_ranked

        print_ranked(screened.ranked, screened.campaigns, counters, scorer.version)
        if report is not None:
            say(f"The report is in {report}. Open it in a browser; it needs no network.")
    exit_for_rejects(counters.rejected, screened.rejects)


@app.command(epilog="Example: adscreen explain ads.csv --ad-id 17")
def explain(
    source: Annotated[str | None, typer.Argument(metavar="[INPUT]", help="File the ad is in.")] = None,
    ad_id: Annotated[str | None, typer.Option("--ad-id", help="Which ad; the first if left out.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Explain this text instead of a file.")] = None,
    model: Model = None,
    indicators: Indicators = None,
    deep: Deep = False,
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Show one ad with its evidence, the parts that add up to its score, and what would change its band."""
    from adscreen.scoring.explain import explain as explain_ad
    from adscreen.scoring.explain import find_ad

    ad = find_ad(source, ad_id, text, mapping or [], input_format)
    scorer = load_scorer(model, indicators, deep=deep)
    explanation = explain_ad(scorer, ad)
    if as_json:
        typer.echo(json.dumps(explanation.as_json(), ensure_ascii=False))
    else:
        from adscreen.printing import print_explanation

        print_explanation(explanation, scorer.catalogue)


@app.command(epilog="Example: adscreen evaluate labelled.csv --label fraudulent")
def evaluate(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="A labelled file.")],
    label: Annotated[str | None, typer.Option("--label", help="Label column; found by its name if left out.")] = None,
    positive: Annotated[
        list[str] | None,
        typer.Option("--positive", help="Label value that means deceptive; may be repeated."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Also for each value of this column: language, source, channel …"),
    ] = None,
    model: Model = None,
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Measure a model on labelled ads: figures with intervals over campaigns.

    Needs the extra train: pip install 'adscreen\\[train]'.
    """
    _require_train("evaluate")
    from adscreen.ads.rejects import RejectLog
    from adscreen.printing import print_figures
    from adscreen.scoring.labelled import evaluate_file

    rejects = RejectLog()
    figures = evaluate_file(
        load_scorer(model),
        source,
        rejects,
        label=label,
        positive=positive,
        by=by,
        mapping=mapping or [],
        input_format=input_format,
    )
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        print_figures(figures)
    exit_for_rejects(rejects.count, rejects.first)


@model_app.command("show", epilog="Example: adscreen model show --card")
def model_show(
    path: Annotated[str | None, typer.Argument(help="Model file; the shipped model if left out.")] = None,
    card: Annotated[bool, typer.Option("--card", help="Print the model card.")] = False,
    as_json: Json = False,
) -> None:
    """Print what a model is: version, training data, figures, thresholds."""
    from adscreen.scoring.bundle_reader import read_manifest
    from adscreen.scoring.scorer import shipped_model

    manifest = read_manifest(path or shipped_model())
    if as_json:
        typer.echo(json.dumps(manifest, ensure_ascii=False))
    elif card:
        from adscreen.printing import printable

        typer.echo(printable(manifest["notes"].get("card", "This model has no card.")))
    else:
        from adscreen.printing import print_manifest

        print_manifest(manifest)


@model_app.command("verify", epilog="Example: adscreen model verify models/adscreen.bundle")
def model_verify(
    path: Annotated[str | None, typer.Argument(help="Model file; the shipped model if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Prove that a model file is whole, holds only numbers and notes, and runs nothing on load (exit code 5 if not)."""
    from adscreen.scoring.scorer import shipped_model
    from adscreen.scoring.verify import verify

    checks = verify(path or shipped_model())
    if as_json:
        typer.echo(json.dumps(checks, ensure_ascii=False))
    else:
        for check in checks["checks"]:
            typer.echo(f"ok  {check}")


@data_app.command("import", epilog="Example: adscreen data import fake_job_postings.csv -o data/emscad.parquet")
def data_import(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="A labelled file, such as Kaggle's EMSCAD.")],
    output: Annotated[str, typer.Option("-o", "--output", help=".parquet file for params.yaml.")],
    label: Annotated[str | None, typer.Option("--label", help="Label column; found by its name if left out.")] = None,
    positive: Annotated[
        list[str] | None,
        typer.Option("--positive", help="Label value that means deceptive; may be repeated."),
    ] = None,
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Turn a labelled file into a source for training: the ad fields and a label of 0 and 1."""
    from adscreen.scoring.labelled import import_file

    counts = import_file(
        source, output, label=label, positive=positive, mapping=mapping or [], input_format=input_format
    )
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        say(
            f"{counts['rows']:,} ads written to {output}: {counts['deceptive']:,} deceptive, "
            f"{counts['genuine']:,} genuine. To train on them, add to sources in params.yaml: "
            f"{{name: {Path(output).stem}, adapter: table, path: {output}}}"
        )
    exit_for_rejects(counts["rejected"], [], [f"{output}.rejected.jsonl"])


def main() -> None:
    """Run the command line; turn known errors into one line on stderr and an exit code."""
    collect_rarely()
    for number in SIGNALS:  # Ctrl-C, and how schedulers stop a job
        signal.signal(number, stop_at_once)
    try:
        # Without standalone mode a typer.Exit comes back as the code it was raised with.
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except AdscreenError as error:
        log("failed", f"Error: {error}", level="error", exit_code=error.exit_code)
        sys.exit(error.exit_code)
    except Stopped as stopped:
        log("stopped", f"Stopped. {stopped.said}", level="error", exit_code=128 + stopped.signal_number)
        sys.exit(128 + stopped.signal_number)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:
        show = getattr(error, "show", None)  # click's own usage errors print themselves
        if show is None:
            raise
        show()
        sys.exit(2)


def _require_train(command: str) -> None:
    from importlib.util import find_spec

    from adscreen.errors import UsageError

    if find_spec("sklearn") is None:
        raise UsageError(f"{command} needs scikit-learn: pip install 'adscreen[train]'")


if __name__ == "__main__":
    main()
