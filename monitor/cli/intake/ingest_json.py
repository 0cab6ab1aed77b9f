"""The shape of `monitor ingest -o json` and `monitor update add -o json`. Version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.cli.changes.run_json import VERSION, step_shape, utc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from monitor.services.ingest import Ingested


def ingest_shape(done: Ingested, aside: Mapping[str, Path]) -> dict[str, Any]:
    """What was taken in, JSON-ready.

    {version, stored,
     sources: [{source, records, coverage: [{since, until, agreement}], warnings,
                refused: [{number, line, reason}], set_aside}],
     and of `monitor run`: now, updates, transitions, withdrawn, alerts,
     conflicts: [{id, stored, refused}]}

    `stored` is false after --dry-run, and where --strict refused everything. What `monitor run` has
    is missing where a bad record kept everything from being assessed. `conflicts` hold both
    contents of an id; the stored one stays.
    """
    from monitor.cli.intake.aside import as_record

    shape: dict[str, Any] = {
        "version": VERSION,
        "stored": done.stored,
        "sources": [
            {
                "source": one.source,
                "records": len(one.updates) + len(one.rejects),
                "coverage": [
                    {
                        "since": None if row.since is None else utc(row.since),
                        "until": utc(row.until),
                        "agreement": row.agreement,
                    }
                    for row in one.coverage
                ],
                "warnings": list(one.warnings),
                "refused": [
                    {"number": r.number, "line": r.line, "reason": r.reason} for r in one.rejects
                ],
                "set_aside": str(aside[one.source]) if one.source in aside else None,
            }
            for one in done.collected
        ],
    }
    if done.report is not None:
        import json

        refused = sum(len(one.rejects) for one in done.collected)
        shape |= step_shape(done.report, done.report.last, refused)
        shape["conflicts"] = [
            {
                "id": stored.id,
                "stored": json.loads(as_record(stored)),
                "refused": json.loads(as_record(other)),
            }
            for stored, other in done.report.conflicts
        ]
    return shape
