"""How a planner says that it is done, or that it has to ask."""

from dataclasses import dataclass, field


@dataclass
class Finish:
    """Say that the plan is complete. Call it only after the tools have made all tasks.

    Attributes:
        title: One line that says what the plan is, for the commit.
        summary: What was planned, in a few sentences for the person who reviews it.
        assumptions: What you assumed where the text does not say, one sentence each.
    """

    title: str
    summary: str
    assumptions: list[str] = field(default_factory=list)


@dataclass
class Ask:
    """Ask the person, when the text is too thin to plan from. Do not call any other tool then.

    Attributes:
        questions: At most five, the most important first.
    """

    questions: list[str]
