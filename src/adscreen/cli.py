"""The command line: parse, call, print. All work is done elsewhere.

Commands on ads and on models stand here, those of ``adscreen campaigns`` in `adscreen.cli_campaigns`, and what both
need in `adscreen.cli_options`.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from adscreen.cli_campaigns import campaigns_app
from adscreen.cli_options import (
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
    say,
)
from adscreen.errors import AdscreenError

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


@app.command(epilog="Example: adscreen score ads.csv -o results.parquet")
def score(
    inputs: Inputs,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", help="Result file: .csv, .jsonl, .parquet or .xlsx; - for JSON lines on stdout."
        ),
    ],
    model: Model = None,
    indicators: Indicators = None,
    reveal: Reveal = False,
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Judge every ad: one result row for each, in input order.

    Rows that cannot be read are set aside in OUTPUT.rejected.jsonl with row number and reason (exit code 4).
    """
    from adscreen.ads.columns import parse_map
    from adscreen.scoring.batch import score_files

    fields = parse_map(mapping or [])
    scorer = load_scorer(model, indicators, reveal=reveal)
    with progress_of("scoring") as progress:
        counters = score_files(scorer, inputs, output, mapping=fields, input_format=input_format, progress=progress)
    summary = {**counters.as_json(), "model_version": scorer.version}
    if as_json:
        typer.echo(json.dumps(summary), err=output == "-")
    else:
        bands = ", ".join(f"{count:,} {band}" for band, count in counters.by_band.items())
        from adscreen.printing import counted

        say(f"{counted(counters.rows)} judged: {bands}. Written to {output}.")
    if counters.repeated_ids:
        say(
            f"Note: {counters.repeated_ids:,} rows have an ad_id that an earlier row has "
            f"(first: {counters.first_repeated_id!r}). All were judged; join results by row order, not by ad_id."
        )
    exit_for_rejects(counters.rejected, [] if output != "-" else counters.first_rejects, f"{output}.rejected.jsonl")


@app.command(epilog="Example: adscreen screen ads.xlsx --budget 40 --report report.html")
def screen(
    inputs: Inputs,
    budget: Annotated[int, typer.Option(min=1, help="How many ads you can read; a campaign counts as one.")] = 20,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a page to open in a browser, with the evidence of each ad.")
    ] = None,
    model: Model = None,
    indicators: Indicators = None,
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Print the campaigns and ads to read first, most suspicious on top, each with its reason.

    Ads that belong together take one place: the ad of the highest risk stands for the campaign.

    With --report also writes one HTML file that needs no network: the ads with their evidence marked, the question
    to ask about each sign, and what could not be judged. Contacts are masked in it.
    """
    from adscreen.ads.columns import parse_map
    from adscreen.screening.screen import check_report, report_on, screen_files

    fields = parse_map(mapping or [])
    scorer = load_scorer(model, indicators)
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
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Show one ad with its evidence, the parts that add up to its score, and what would change its band."""
    from adscreen.scoring.explain import explain as explain_ad

    ad = _find_ad(source, ad_id, text, mapping or [], input_format)
    scorer = load_scorer(model, indicators)
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
    from adscreen.scoring.bundle import read_manifest
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
    exit_for_rejects(counts["rejected"], [], f"{output}.rejected.jsonl")


class _Stopped(BaseException):
    """Somebody asked the process to stop; not an Exception, so that nothing on the way takes it for an error."""

    def __init__(self, signal_number: int) -> None:
        self.signal_number = signal_number


def _stop(signal_number: int, frame: object) -> None:
    raise _Stopped(signal_number)


def main() -> None:
    """Run the command line; turn known errors into one line on stderr and an exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):  # Ctrl-C, and how schedulers stop a job
        signal.signal(number, _stop)
    try:
        # Without standalone mode a typer.Exit comes back as the code it was raised with.
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except AdscreenError as error:
        say(f"Error: {error}")
        sys.exit(error.exit_code)
    except _Stopped as stopped:
        say("Stopped. Nothing was written under the final name.")
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


def _find_ad(
    source: str | None, ad_id: str | None, text: str | None, mapping: list[str], input_format: str | None
) -> Any:
    import pandas as pd

    from adscreen.ads.columns import parse_map
    from adscreen.ads.readers import read_ads
    from adscreen.errors import UsageError

    if (source is None) == (text is None):
        raise UsageError("explain needs a file or --text, one of them: adscreen explain ads.csv --ad-id 17")
    if source is None:
        return pd.DataFrame({"description": [text]})
    for ads in read_ads(source, mapping=parse_map(mapping), input_format=input_format):
        found = ads if ad_id is None else ads[ads["ad_id"] == ad_id]
        if len(found):
            return found.iloc[[0]]
    raise UsageError(f"{source}: no ad has the ad_id {ad_id!r}. Ids are in the first column of the results.")


def _require_train(command: str) -> None:
    from importlib.util import find_spec

    from adscreen.errors import UsageError

    if find_spec("sklearn") is None:
        raise UsageError(f"{command} needs scikit-learn: pip install 'adscreen[train]'")


if __name__ == "__main__":
    main()
