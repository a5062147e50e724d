"""The names of enums, as types. It is made by scripts/stubs.py from the compiled module; `make stubs` makes it again."""

from typing import Literal, TypeAlias

AbsenceReason: TypeAlias = Literal[
    "found",
    "unknown",
    "other_scope",
    "archived",
    "quarantined",
    "expired",
    "not_current",
    "filtered",
    "not_in_view",
    "clustered",
    "unscored",
    "outranked",
]
Access: TypeAlias = Literal["read_only", "read_write", "admin"]
BreakerState: TypeAlias = Literal["closed", "open", "half_open"]
Cardinality: TypeAlias = Literal["one", "many"]
Cause: TypeAlias = Literal[
    "add",
    "assert",
    "confirm",
    "retract",
    "resolve",
    "undo",
    "merge",
    "define",
    "update",
    "delete",
    "maintain",
    "embed",
    "reindex",
    "reembed",
    "prune",
    "use",
    "pin",
    "restore",
    "reconsolidate",
    "retention",
    "configure",
    "lease",
    "add_document",
    "delete_document",
]
ChangeKind: TypeAlias = Literal[
    "added",
    "updated",
    "reinforced",
    "superseded",
    "deleted",
    "embedded",
    "retracted",
    "restored",
    "judged",
    "used",
    "reconsolidated",
    "pinned",
    "unpinned",
    "archived",
    "unarchived",
    "dissolved",
    "expired",
    "retired",
    "moved",
]
Clash: TypeAlias = Literal["value", "opposite", "negation", "progression"]
ConnectionOutcome: TypeAlias = Literal["found", "none", "cut"]
Curve: TypeAlias = Literal["exponential", "fsrs"]
Extraction: TypeAlias = Literal["off", "built-in", "host", "both"]
Grade: TypeAlias = Literal["again", "hard", "good", "easy"]
Grounds: TypeAlias = Literal[
    "trust", "time", "provenance", "progression", "newer", "confidence", "resolved", "refinement"
]
HealthState: TypeAlias = Literal["healthy", "degraded", "failed", "closed"]
Kind: TypeAlias = Literal[
    "entity",
    "affiliation",
    "social",
    "preference",
    "belief",
    "skill",
    "event",
    "state",
    "hypothesis",
    "invariant",
    "trait",
    "style",
    "fact",
]
Language: TypeAlias = Literal[
    "arabic",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "greek",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "none",
]
Order: TypeAlias = Literal["relevance", "newest", "oldest"]
Outcome: TypeAlias = Literal[
    "added", "reinforced", "contextualised", "refined", "superseded", "disputed", "rejected", "merged"
]
Provenance: TypeAlias = Literal["inferred", "observed", "stated", "confirmed", "corrected"]
ReasonName: TypeAlias = Literal[
    "nothing_against",
    "known",
    "known_otherwise",
    "more_known",
    "says_more",
    "over",
    "other_situation",
    "other_time",
    "wins",
    "loses",
    "ties",
]
RecordSort: TypeAlias = Literal["episode", "atom"]
RevisionKind: TypeAlias = Literal[
    "added", "updated", "reinforced", "superseded", "retracted", "restored", "judged"
]
Role: TypeAlias = Literal["user", "assistant", "system", "tool", "document"]
SecretPolicy: TypeAlias = Literal["redact", "quarantine", "reject"]
Standing: TypeAlias = Literal[
    "unsubstantiated", "substantiated", "superseded", "ended", "refined", "overruled", "retracted"
]
StandingKind: TypeAlias = Literal["unsubstantiated", "substantiated", "historical"]
Trust: TypeAlias = Literal["low", "medium", "high"]
