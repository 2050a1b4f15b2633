"""The folder of a run, and what else is written for it: each kind of file in its turn, any trouble told in one way."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from xlsxwriter.exceptions import XlsxWriterException

from importer.errors import UnwritableReport
from importer.model import CheckedSheet, Outcome
from importer.outcomes import EndedAlike, Outcomes
from importer.reports import checked, page, problems, rejected, results, verification
from importer.reports import summary as summary_file
from importer.reports.matched import before_sending, matched
from importer.reports.results import Results
from importer.reports.summary import ReadFile, Summary
from importer.reports.verification import Verified
from importer.reports.words import headline
from importer.speech import ENGLISH, Speech


class Folder:
    """The folder of a run.  `add` outcomes as they come, then `finish`; to be used in a `with`.

    A run id that was used before, as by the same command after a kill, is no trouble: the earlier `results.csv` is kept
    under another name, the other files are written anew.

    Raises, wherever something is written: `UnwritableReport`.
    """

    def __init__(self, report_dir: Path, run_id: str, speech: Speech = ENGLISH) -> None:
        self.path = report_dir / run_id
        self._speech = speech
        with _writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            live = self.path / results.NAME
            if live.exists():
                live.rename(_free(live))
            self._results = Results(live, run_id, speech)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._results.close()

    def add(self, *outcomes: Outcome) -> None:
        """Write the lines of *outcomes* to `results.csv`, where they can be read at once."""
        with _writing(self.path):
            self._results.add(*outcomes)

    def add_alike(self, those: EndedAlike) -> None:
        """The same for many rows at once."""
        with _writing(self.path):
            self._results.add_alike(those)

    def finish(
        self, summary: Summary, sheets: Sequence[CheckedSheet], outcomes: Iterable[Outcome] | Outcomes
    ) -> tuple[Path, ...]:
        """Write all other files; gives back the paths of all, the page last.

        *sheets* are those after the plan; *outcomes* all that were added.  The figures come first and the marked
        workbooks last but one, so that a kill in the middle costs the least.
        """
        together, speech = matched(sheets, outcomes), self._speech
        with _writing(self.path):
            self._results.close()
            figures, listed, shown = (self.path / name for name in (summary_file.NAME, problems.NAME, page.NAME))
            summary_file.write(figures, summary, speech)
            problems.write(listed, together, speech)
            back = rejected.write(self.path / rejected.NAME, together, speech)
            said = " ".join(headline(summary, speech))
            marked = checked.write(self.path, together, summary.run.files, said, speech)
            written = (*marked, *back, self.path / results.NAME, listed, figures)
            page.write(shown, summary, together, written, speech)
        return (*written, shown)


def mark(
    folder: Path, sheets: Sequence[CheckedSheet], files: Sequence[ReadFile], headline: str, speech: Speech = ENGLISH
) -> tuple[Path, ...]:
    """Write the marked workbook of each of *files* into *folder*, before anything is sent; gives back their paths.

    *headline* is the first thing they say.  No file that is there is overwritten: somebody may be correcting it.

    Raises: `UnwritableReport`.
    """
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        taken = [path.name for path in folder.glob(f"*{checked.SUFFIX}")]
        return checked.write(folder, before_sending(sheets), files, headline, speech, taken=taken)


def write_verification(folder: Path, run_id: str, records: Iterable[Verified], speech: Speech = ENGLISH) -> Path:
    """Write `verify.csv` into the folder of a run, which is made if it is gone; raises `UnwritableReport`."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        verification.write(folder / verification.NAME, run_id, records, speech)
    return folder / verification.NAME


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, XlsxWriterException) as trouble:
        raise UnwritableReport(
            "The report in {folder} cannot be written: {trouble}. Make room there, or name another folder.",
            folder=str(folder),
            trouble=(isinstance(trouble, OSError) and trouble.strerror) or str(trouble),
        ) from trouble


def _free(path: Path) -> Path:
    """A name beside *path* that no file has: results-1.csv."""
    others = (path.with_stem(f"{path.stem}-{number}") for number in count(1))
    return next(other for other in others if not other.exists())
