"""The written form of the book's files, checked row by row: each schema refuses what is not of the declared type."""

from marshmallow import fields, validate

from service.knowledge.written_fields import Flag, Row, Words, name, names, one_of

VERDICTS = ("fired", "not-fired", "undecided")


class BookFile(Row):
    """The whole of book.yaml."""

    version = Words(required=True)


class ScopeFile(Row):
    """The whole of scope.yaml."""

    out_when = fields.Raw(data_key="out-when", required=True)
    says = Words(required=True)
    intended_use = Words(data_key="intended-use", required=True)


class LevelRow(Row):
    """A row of levels.yaml."""

    id = name(required=True)
    rank = fields.Integer(required=True, strict=True)
    means = Words(required=True)
    within = Words(required=True)
    priority = Words(required=True, validate=one_of("routine", "urgent", "asap", "stat"))


class SourceRow(Row):
    """A row of sources.yaml."""

    id = name(required=True)
    name = Words(required=True)
    origin = Words(required=True, validate=one_of("article", "guideline", "project", "reconciled"))
    date = Words(load_default="")
    checked = Words(required=True, validate=one_of("read", "secondary", "none"))


class StatementRow(Row):
    """A row of statements.yaml; the source is the id up to the first hyphen."""

    id = name(required=True)
    kind = Words(required=True)
    level = name(load_default="")
    reading = Words(load_default="")
    when = Words(load_default="")
    says = Words(load_default="")
    parts = fields.Dict(keys=name(), values=Words(), load_default=dict)


class RaiseRow(Row):
    """A row of guidelines.yaml, raises."""

    id = name(required=True)
    source = name(required=True)
    see = Words(load_default="")
    level = name(required=True)
    when = Words(required=True)
    parts = names()


class WithholdRow(Row):
    """A row of guidelines.yaml, withholds."""

    id = name(required=True)
    source = name(required=True)
    see = Words(load_default="")
    items = names()
    when = Words(required=True)


class NotAdoptedRow(Row):
    """A row of guidelines.yaml, not-adopted."""

    source = name(required=True)
    row = Words(required=True)
    why = Words(required=True)


class ProjectRow(Row):
    """A row of project.yaml."""

    id = name(required=True)
    level = name(required=True)
    when = Words(required=True)
    says = Words(required=True)


class FindingRow(Row):
    """A row of findings.yaml."""

    id = name(required=True)
    group = name(required=True)
    kind = Words(required=True, validate=one_of("boolean", "integer", "quantity", "choice", "choices", "text"))
    label = Words(required=True)
    reassuring = Flag(load_default=False)
    unsure_means = Words(data_key="unsure-means", load_default="", validate=one_of("", "present"))
    unit = Words(load_default="")
    options = names()
    asked = Flag(load_default=True)
    step = fields.Decimal(load_default=1)


class CaseRow(Row):
    """One case of a rule, term or withholding."""

    says = Words(required=True)
    facts = fields.Dict(keys=name(), required=True)
    verdict = Words(required=True, validate=one_of(*VERDICTS))


class TermRow(Row):
    """A row of terms.yaml."""

    id = name(required=True)
    says = Words(required=True)
    when = fields.Raw(required=True)
    unless_all = fields.Raw(data_key="unless-all", load_default=None)
    cases = fields.List(fields.Nested(CaseRow), required=True, validate=validate.Length(min=3))


class DerivationRow(Row):
    """A row of derivations.yaml."""

    id = name(required=True)
    makes = fields.Dict(
        keys=name(),
        values=Words(validate=one_of("present", "absent")),
        required=True,
        validate=validate.Length(equal=1),
    )
    when = fields.Raw(required=True)
    only_where_unknown = Flag(data_key="only-where-unknown", load_default=False)
    says = Words(required=True)


class ContradictionRow(Row):
    """A row of contradictions.yaml."""

    id = name(required=True)
    when = fields.Raw(required=True)
    counts = fields.Dict(
        keys=name(),
        values=Words(validate=one_of("present", "absent")),
        required=True,
        validate=validate.Length(equal=1),
    )
    says = Words(required=True)


class ReconciledRow(Row):
    """A reconciled row inside topics.yaml."""

    level = name(required=True)
    when = Words(required=True)


class TopicRow(Row):
    """A row of topics.yaml."""

    id = name(required=True)
    title = Words(required=True)
    safety_net = fields.Integer(data_key="safety-net", required=True, strict=True)
    safety_net_when = fields.Raw(data_key="safety-net-when", load_default="always")
    rows = fields.List(fields.Nested(ReconciledRow), load_default=list)


class AllowedRow(Row):
    """A deliberate exception from a check."""

    check = name(required=True)
    about = name(required=True)
    reason = Words(required=True)


class RuleFile(Row):
    """One file of rules/."""

    id = name(required=True)
    title = Words(required=True)
    topic = name(required=True)
    when = fields.Raw(required=True)
    unless_all = fields.Raw(data_key="unless-all", load_default=None)
    statements = names()
    supports = names()
    causes = fields.Dict(keys=name(), values=Words(validate=one_of("fits", "partly-fits")), load_default=dict)
    plan = names()
    limits = Words(required=True)
    status = Words(required=True, validate=one_of("draft", "reviewed"))
    sign = Words(load_default="")
    allowed = fields.List(fields.Nested(AllowedRow), load_default=list)


class CaseFile(Row):
    """One file of cases/, or of the cases of a withholding."""

    rule = name(required=True)
    cases = fields.List(fields.Nested(CaseRow), required=True, validate=validate.Length(min=3))


class WithholdingFile(Row):
    """One file of withholdings/."""

    id = name(required=True)
    title = Words(required=True)
    statement = name(required=True)
    items = fields.List(name(), required=True, validate=validate.Length(min=1))
    when = fields.Raw(required=True)
    because = Words(required=True)
    shown = Words(required=True, validate=one_of("do-not", "ask-first", "left-out", "never-suggested"))
    cases = fields.List(fields.Nested(CaseRow), required=True)


class CauseRow(Row):
    """A row of causes.yaml."""

    id = name(required=True)
    label = Words(required=True)
    dangerous = Flag(required=True)
    code_key = Words(data_key="code-key", load_default="")
    code = Words(load_default="")
    rests_on = names(data_key="rests-on")


class ActivityRow(Row):
    """A row of activities.yaml."""

    id = name(required=True)
    title = Words(load_default="")
    section = Words(
        required=True,
        validate=one_of(
            "level", "questions", "safety-net", "clinician", "self-care", "prevention", "information", "never"
        ),
    )
    detail = Words(load_default="")
    levels = names()
    when = fields.Raw(load_default="always")
    kind = Words(load_default="")
    level = name(load_default="")
    code_key = Words(data_key="code-key", load_default="")
    rests_on = names(data_key="rests-on")
    below_emergency = Words(data_key="below-emergency", load_default="")
    do_not = Words(data_key="do-not", load_default="")
    no_withholding_because = Words(data_key="no-withholding-because", load_default="")


class PolicyRow(Row):
    """A row of policies.yaml."""

    id = name(required=True)
    title = Words(required=True)
    live = Flag(required=True)
    sources = names()
    rows_replace_articles = Flag(data_key="rows-replace-articles", load_default=False)
    needs_sign_off = Flag(data_key="needs-sign-off", load_default=False)


class BackgroundRow(Row):
    """A row of background.yaml."""

    statement = name(required=True)
    reason = Words(required=True)


class CodingRow(Row):
    """One coding of a row of codes.yaml."""

    system = Words(required=True)
    code = Words(required=True)
    display = Words(load_default="")
    seen = Words(required=True, validate=one_of("one", "two"))
    polarity = Words(load_default="", validate=one_of("", "absent"))
    use = Words(load_default="", validate=one_of("", "out"))
    note = Words(load_default="")


class ConceptRow(Row):
    """A row of codes.yaml."""

    concept = Words(required=True)
    key = Words(required=True)
    group = Words(required=True)
    codings = fields.List(fields.Nested(CodingRow), required=True)
