"""Lint the authored corpus: python scripts/check_corpus.py data/authored [--table].

Prints every error, not only the first, and ends with 1 if there are any.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus_balance import balance_errors, balance_table, format_table
from corpus_rules import (
    Ad,
    consistency_errors,
    field_errors,
    id_errors,
    read_ads,
    repetition_errors,
    split_errors,
    text_errors,
)


def sound_ads(ads: Sequence[Ad]) -> tuple[list[Ad], list[str]]:
    """The ads whose fields can be relied on, and the errors of the others."""
    sound, errors = [], []
    for ad in ads:
        found = list(field_errors(ad))
        errors += found
        if not found:
            sound.append(ad)
    return sound, errors


def check(folder: Path) -> tuple[list[str], dict[str, float], int]:
    """All errors of a corpus folder, its balance table (empty if not measurable) and its number of ads."""
    if not any(folder.glob("*.jsonl")):
        return [f"{folder} has no .jsonl files; name the folder of the authored corpus"], {}, 0
    every_ad, errors = read_ads(folder)
    ads, wrong_fields = sound_ads(every_ad)
    errors += wrong_fields
    for ad in ads:
        errors += [*consistency_errors(ad), *text_errors(ad)]
    errors += [*id_errors(ads), *repetition_errors(ads), *split_errors(ads, folder / "splits.json")]
    try:
        table = balance_table(ads)
    except ValueError as error:
        return [*errors, str(error)], {}, len(every_ad)
    return errors + balance_errors(table), table, len(every_ad)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Lint the authored corpus.")
    parser.add_argument("folder", type=Path, help="folder of .jsonl files, one ad a line")
    parser.add_argument("--table", action="store_true", help="print what each feature alone says about the label")
    options = parser.parse_args(arguments)

    errors, table, n_ads = check(options.folder)
    if options.table and table:
        print(format_table(table))
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        print(f"{len(errors)} error{'s' if len(errors) > 1 else ''} in {n_ads} ads", file=sys.stderr)
        return 1
    print(f"{options.folder}: {n_ads} ads, no errors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
