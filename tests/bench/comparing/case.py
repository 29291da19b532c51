"""One line of work measured on both sides in turn, and the verdict on it."""
import time
from dataclasses import dataclass, field
from statistics import median
from typing import Callable, Optional

from .process import ChildFailed

LONG = 60    # one run above this many seconds: three runs are enough
SLOW = 20    # a peer as usually written that takes longer is measured once: no target hangs on most of these
FEWEST = 3   # runs that a verdict takes
FAILURES = ChildFailed, OSError, ValueError, LookupError  # of a row: the others are still worth having


def failure_text(error):
    return repr(error) if isinstance(error, LookupError) else str(error)


@dataclass
class Measurement:
    seconds: float
    work: float = 1          # what was done in that time: images, jobs
    peak_mib: float = 0
    quality: dict = field(default_factory=dict)
    files: list = field(default_factory=list)
    note: str = ''


@dataclass
class Contender:
    name: str
    tuned: Optional[bool]           # None: neither, it is latentgrid itself
    measure: Callable[[int], Measurement]
    target: Optional[float] = None  # latentgrid must be so many times as fast
    group: str = ''                 # ways to do the same; a tuned one's target is judged against the fastest of them
    once: bool = False              # measured once: it takes long, and its target is far away

    def __post_init__(self):
        self.group = self.group or self.name

    def runs_once(self, first):
        return self.once or (self.tuned is False and not self.target and first.seconds > SLOW)


@dataclass
class Quality:
    name: str
    allowed: str                              # in words
    worse: Callable[[float, float], bool]     # (latentgrid's, the peer's)


@dataclass
class Limit:
    says: str
    holds: Callable[['Side'], Optional[bool]]  # None: what it takes wasn't measured


@dataclass
class Case:
    row: str
    work: str                  # with its real size
    measured: str              # what the two times are
    ours: Callable[[int], Measurement]
    contenders: list = field(default_factory=list)
    unit: str = ''             # of `work`: times are then shown as rates
    qualities: list = field(default_factory=list)
    limits: list = field(default_factory=list)
    compare_memory: bool = False
    after: Optional[Callable] = None   # (latentgrid's first measurement, the contenders' first): fills in qualities
    note: Optional[Callable] = None    # (latentgrid's side) -> text; may measure what a limit needs


class Side:
    """The measurements of one contender, or of latentgrid."""

    def __init__(self, name):
        self.name, self.all = name, []

    @property
    def seconds(self):
        return median(m.seconds for m in self.all)

    @property
    def seconds_for_one(self):
        return median(m.seconds / m.work for m in self.all)

    @property
    def peak_mib(self):
        return median(m.peak_mib for m in self.all)

    @property
    def notes(self):
        return sorted({m.note for m in self.all if m.note})

    def quality(self, name):
        values = [m.quality[name] for m in self.all if name in m.quality]
        return median(values) if values else None

    def json(self):
        names = dict.fromkeys(name for m in self.all for name in m.quality)
        return {'name': self.name, 'runs': len(self.all), 'median_s': self.seconds, 'seconds': [m.seconds for m in self.all],
                'work': median(m.work for m in self.all), 'peak_mib': round(self.peak_mib, 1),
                'quality': {name: self.quality(name) for name in names}, 'notes': self.notes}


def measure(case, runs, minutes, say, fewest=FEWEST):
    """Alternating runs, `fewest` of them even beyond the minutes. Returns (latentgrid's side, the contenders' sides in order)."""
    ours, theirs = Side('latentgrid'), [Side(contender.name) for contender in case.contenders]
    started, run = time.monotonic(), 0
    while run < runs:
        say(f'{case.row}: {case.work}: run {run + 1} of {runs}, latentgrid')
        ours.all.append(case.ours(run))
        for contender, side in zip(case.contenders, theirs):
            if run > 0 and contender.runs_once(side.all[0]):
                continue
            say(f'{case.row}: {case.work}: run {run + 1} of {runs}, {contender.name}')
            side.all.append(contender.measure(run))
        if run == 0:
            if case.after:
                case.after(ours.all[0], [side.all[0] for side in theirs])
            again = [side.all[0].seconds for contender, side in zip(case.contenders, theirs) if not contender.runs_once(side.all[0])]
            if max([ours.all[0].seconds, *again]) > LONG:
                runs = min(runs, FEWEST)
        run += 1
        if minutes and run >= fewest and time.monotonic() - started > 60 * minutes:
            break
    return ours, theirs


def worse_qualities(case, ours, side):
    return [q for q in case.qualities if None not in (ours.quality(q.name), side.quality(q.name))
            and q.worse(ours.quality(q.name), side.quality(q.name))]


def peer_line(case, ours, contender, side):
    """A ratio stands only where no quality is worse."""
    worse = worse_qualities(case, ours, side)
    line = {**side.json(), 'tuned': contender.tuned, 'target': contender.target,
            'worse': [f'{q.name} {ours.quality(q.name):.5g} against {side.quality(q.name):.5g}' for q in worse]}
    if not worse:
        line['ratio'] = side.seconds_for_one / ours.seconds_for_one
    return line


def judge_target(case, ours, contender, side, peers):
    """Tuning doesn't always help: the tuned peer's target is to be met against the fastest of its group."""
    rivals = [pair for pair in peers if pair[0].group == contender.group] if contender.tuned else [(contender, side)]
    fastest, fastest_side = min(rivals, key=lambda pair: pair[1].seconds_for_one)
    ratio = fastest_side.seconds_for_one / ours.seconds_for_one
    out = {}
    if fastest is not contender:
        out['judged'] = {'ratio': ratio, 'against': fastest.name, 'tuned': fastest.tuned, 'of': len(rivals)}
    # A peer as usually written that ran once may decide: it only makes the verdict stricter. One that is to run `once` decides too.
    if len(ours.all) < FEWEST or (len(side.all) < FEWEST and not contender.once):
        return {**out, 'too_few_runs': True}
    met = ratio >= contender.target and not any(worse_qualities(case, ours, each) for each in (side, fastest_side))
    return {**out, 'met': met and (not case.compare_memory or ours.peak_mib < side.peak_mib)}


def judge_limit(limit, ours):
    if len(ours.all) < FEWEST:
        return {'too_few_runs': True}
    holds = limit.holds(ours)
    return {'not_measured': True} if holds is None else {'met': holds}


def afterword(case, ours):
    """(the note, why it failed): what was measured stands either way."""
    try:
        return case.note(ours) if case.note else '', ''
    except FAILURES as error:
        return '', failure_text(error)


def judge(case, ours, theirs, verdicts=True):
    """The result of a case as JSON. Without `verdicts` (the inputs aren't those that the targets are for) nothing is met or missed."""
    note, failure = afterword(case, ours)
    peers = list(zip(case.contenders, theirs))
    lines = []
    for contender, side in peers:
        lines.append(peer_line(case, ours, contender, side))
        if contender.target and verdicts:
            lines[-1].update(judge_target(case, ours, contender, side, peers))
    return {'row': case.row, 'work': case.work, 'measured': case.measured, 'unit': case.unit, 'latentgrid': ours.json(), 'peers': lines,
            'limits': [{'limit': limit.says, **(judge_limit(limit, ours) if verdicts else {})} for limit in case.limits],
            'qualities': [{'name': q.name, 'allowed': q.allowed} for q in case.qualities],
            'note': note, **({'afterword_error': failure} if failure else {})}
