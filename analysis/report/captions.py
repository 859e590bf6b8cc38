"""What the reader of each figure is told: where to look, and what the figure rests on."""

from dataclasses import dataclass
from typing import Final

from analysis.report.grounds import STOCK


@dataclass(frozen=True)
class Caption:
    """A figure's title, what to see in it, and what it rests on; `key` names it in links and ids."""

    key: str
    title: str
    see: str
    rests: str


JEWELS: Final = Caption(
    "jewels",
    "Crown jewels: held, and obtainable",
    "How far the filled dot lies from the open one. Where little is held but much is obtainable, authority has moved "
    "from the agent to an issuer that says yes; only the filled dots rank.",
    "Rests on which groups are declared crown jewels (tier 3), and on need counted for whole tasks.",
)
FRONTIER: Final = Caption(
    "frontier",
    "Exposure against friction",
    "Down is less exposure, left is sooner done. The broken line joins the models that by their means no other beats "
    "in both; where whiskers overlap, that may be chance. Approver time is a third price and stands beside the name. "
    "An open dot completes more than 1 % more or less work than the baseline, with its whole paired interval: it is "
    "compared here and nowhere else.",
    "Rests on assumed times of work, of issuing, deciding and inspecting, and on the hours of the approvers. The time "
    "counts from the arrival of a task, so it holds the work itself; an arrow marks work that was still going on.",
)
BLAST: Final = Caption(
    "blast",
    "Blast radius of one agent",
    "A stolen token and key (T1b) reach what lies in the process of the agent at that instant. A hijacked agent (T2) "
    "also asks the issuer, for an hour; binding a token to a key does not stop it. Who has taken the issuer itself "
    "(T5) reaches whatever it could give to any agent: shorter credentials move authority there, not out of reach.",
    "Rests on declared weights and sizes of the estate. Potential reach, not what an attacker would get done.",
)
EXCEEDANCE: Final = Caption(
    "exceedance",
    "How often a compromise costs how much",
    "Lower is rarer, and a curve that ends further left costs less at worst; grey is the baseline. Each compromise is "
    "counted with what was in reach just then, at rest, at issue and in use, and not with a mean: two models that lose "
    "as much in a year may differ in how bad a bad one is. What was in no run seen may be in others.",
    "Rests on the chances of a compromise that the scenario assumes, the same for every model, and on declared weights "
    "and sizes of the estate. Potential reach, not what an attacker would get done.",
)
REVOKE: Final = Caption(
    "revoke",
    "Time to revoke",
    "How long access outlives the work that it was for. An arrow and > mark a lower limit: at the end of the window "
    "the credential was still accepted.",
    "Rests on the revocation lags of verifiers and on what each model revokes.",
)
TAIL: Final = Caption(
    "tail",
    "Stale tail",
    "The same from the side of the credential: what it carries, counted from the last need of it. Credentials that "
    "were never needed at all are not in here, but in the measure of stale access.",
    "Rests on need counted for whole tasks. Tails still running at the end of the window are cut there.",
)
LOGS: Final = Caption(
    "logs",
    "Crown jewels as the log of each model shows them",
    "The dot is the truth, the bar what the log of that model proves and what it allows at most; an arrow means that "
    "it sets no upper limit. A long bar is not more exposure: it is less knowledge. A model that keeps a poor log is "
    "not shown as safe here.",
    "Rests on the logging that the settings of each model name, with what is left out, lost or wrong there.",
)
DEBT: Final = Caption(
    "debt",
    f"Identity debt by cause: {STOCK}",
    "What somebody would have to put right, and for how long it was open in the window. Agents for which nobody "
    "answers, what abandoned agents left, and overdue keys came about in the years before; how they came and went in "
    "the last year stands under “Identity debt” in all measures. What is never needed lies in the scope of what a "
    "model issues. One cause forms in the window itself and is not drawn here: credentials that outlive their task. "
    "Only models that issue for a task or an action can have it, so zero elsewhere is no merit.",
    "Rests on how often people leave and agents are abandoned, on the ages of keys, on what the governance of the past "
    "and of the model does about them, and on the rule that a key is overdue after 90 days.",
)
SPLIT: Final = Caption(
    "split",
    "What the difference is made of",
    "From the baseline, on top, to the model: each bar begins where the one above it ends, and is as long as what that "
    "factor adds. Blue is better, orange worse, grey cannot be told apart from nothing. The black line is where the "
    "bar could end, by intervals that hold together. What is the same in every run is not drawn.",
    "Rests on which knobs are counted to which factor, and on the orders in which they can be changed: a factor that "
    "nothing can do without is always changed early, and is given what it does by itself.",
)
TORNADO: Final = Caption(
    "tornado",
    "One assumption at a time",
    "Each row goes from the difference at the low end of an assumption (open) to that at its high end (filled). "
    "The dark line is the difference where all is as said. Where a row crosses the broken line at zero, which model is "
    "better hangs on that assumption. Thin lines through the dots, and the pale band, are intervals over replications.",
    "Rests on the declared ranges, whose ends are plausible and not likely; on changing one at a time; and on the same "
    "draws at every end. The ten of most effect are drawn; what moves a headline in no run is not.",
)
DRAWS: Final = Caption(
    "draws",
    "All assumptions together",
    "Each dot is the difference in one joint draw of all assumptions, the least on the bottom. Filled where its sign "
    "is settled: blue as where all is as said (the dark line), orange the other way, dark where there is no claim; "
    "open where it is not settled, or nothing differs. They scatter with the assumptions and with chance. A claim "
    "needs its sign in nine of ten of all draws, not only of these. Of a difference that is known within limits the "
    "lower one is drawn.",
    "Rests on the declared ranges, on looking at each of them evenly and apart from the others, and on the "
    "replications of each draw, which share nothing with those of another.",
)
TIMELINE: Final = Caption(
    "timeline",
    "When it happened",
    "A gap may be a quiet time, or events that were lost: the log looks the same.",
    "Rests on the clock of the source; times are those that it gives.",
)
DESCENT: Final = Caption(
    "descent",
    "What was in force when it happened",
    "Each bar is how long a link of the chain held; the line in the middle is the event. To its left and right, "
    "distances in time grow by factors, so that years and milliseconds are on one page. What reaches far to the right "
    "of the line outlives the event. Dots lead to an end that is not known, an arrow to one beyond the edge.",
    "Rests on what the evidence ties to the event; a link without a bar is one that it does not date.",
)
