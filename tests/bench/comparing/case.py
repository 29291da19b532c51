"""One line of work measured on both sides in turn, and the verdict on it."""
import time
from dataclasses import dataclass, field
from statistics import median
from typing import Callable, Optional

LONG = 60    # one run above this many seconds: three runs are enough
SLOW = 20    # a peer as usually written that takes longer is measured once: no target hangs on most of these


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
    tuned: bool
    measure: Callable[[int], Measurement]
    target: Optional[float] = None  # latentgrid must be so many times as fast


@dataclass
class Quality:
    name: str
    allowed: str                              # in words
    worse: Callable[[float, float], bool]     # (latentgrid's, the peer's)


@dataclass
class Limit:
    says: str
    holds: Callable[['Side'], bool]


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
    note: Optional[Callable] = None    # (latentgrid's side) -> text


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


def measure(case, runs, minutes, say):
    """Alternating runs. Returns (latentgrid's side, the contenders' sides in order)."""
    ours, theirs = Side('latentgrid'), [Side(contender.name) for contender in case.contenders]
    started, run = time.monotonic(), 0
    while run < runs:
        say(f'{case.row}: {case.work}: run {run + 1} of {runs}, latentgrid')
        ours.all.append(case.ours(run))
        for contender, side in zip(case.contenders, theirs):
            if not contender.tuned and run > 0 and side.all[0].seconds > SLOW:
                continue
            say(f'{case.row}: {case.work}: run {run + 1} of {runs}, {contender.name}')
            side.all.append(contender.measure(run))
        if run == 0:
            if case.after:
                case.after(ours.all[0], [side.all[0] for side in theirs])
            if max(side.all[0].seconds for side in [ours, *theirs]) > LONG:
                runs = min(runs, 3)
        run += 1
        if minutes and time.monotonic() - started > 60 * minutes:
            break
    return ours, theirs


def judge(case, ours, theirs, verdicts=True):
    """The result of a case as JSON. A ratio stands only where no quality is worse. Without `verdicts` (the inputs aren't those
    that the targets are for) nothing is met or missed."""
    lines = []
    for contender, side in zip(case.contenders, theirs):
        worse = [q for q in case.qualities if None not in (ours.quality(q.name), side.quality(q.name))
                 and q.worse(ours.quality(q.name), side.quality(q.name))]
        line = {**side.json(), 'tuned': contender.tuned, 'target': contender.target,
                'worse': [f'{q.name} {ours.quality(q.name):.5g} against {side.quality(q.name):.5g}' for q in worse]}
        if not worse:
            line['ratio'] = side.seconds_for_one / ours.seconds_for_one
        if contender.target and verdicts:
            # Tuning doesn't always help: the tuned peer's target is to be met against the peer at its best.
            sides = [other for other in theirs if other.name == side.name] if contender.tuned else [side]
            line['met'] = not worse and min(each.seconds_for_one for each in sides) / ours.seconds_for_one >= contender.target
            if case.compare_memory:
                line['met'] = line['met'] and ours.peak_mib < side.peak_mib
        lines.append(line)
    return {'row': case.row, 'work': case.work, 'measured': case.measured, 'unit': case.unit, 'latentgrid': ours.json(),
            'peers': lines, 'limits': [{'limit': limit.says, **({'met': limit.holds(ours)} if verdicts else {})} for limit in case.limits],
            'qualities': [{'name': q.name, 'allowed': q.allowed} for q in case.qualities],
            'note': case.note(ours) if case.note else ''}
