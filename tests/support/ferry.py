"""A small folder with routes, driven by the command line: a ferry that is put off."""

import json

RULES = """\
agreement: harbour
title: Northport and Southport
date: 2025-09-01
coverage: assumed
sources: {press: {tier: 2, names: [The Coast Courier]}}
commitments:
  - {id: ferry, title: A night ferry, quote: words, theme: sea, labels: {desk: north}, rules: [
      {id: put-off, when: {update: {kind: delay}}, then: at_risk},
      {id: paid, when: {update: {kind: funding}}, then: {advance: substantial}}]}
  - {id: reports, title: Exchange reports, quote: words, theme: paper, rules: [
      {id: put-off, when: {update: {kind: delay}}, then: at_risk}]}
"""
CONFIG = """\
store: sqlite:///monitor.db
sources: [{name: news, file: news.jsonl}]
receivers:
  - {name: desk, url: "http://127.0.0.1:9/", allow_private: true}
  - {name: boss, url: "http://127.0.0.1:9/", allow_private: true}
intervals: {office: {weekdays: mon-fri, times: "09:00-17:00"}}
routes:
  receiver: desk
  routes:
    - {matchers: {theme: sea}, active_intervals: office, escalate: [{after: 7d, receiver: boss}]}
    - {matchers: {theme: sea, severity: info}}
    - {matchers: {kind: summary}, receiver: []}
"""


def lay_out(folder):
    (folder / "rules").mkdir()
    (folder / "rules" / "harbour.yaml").write_text(RULES, encoding="utf-8")
    (folder / "monitor.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "news.jsonl").write_text("", encoding="utf-8")


def news(folder, day, kind, topic, title):
    record = {"occurred_at": day, "kind": kind, "topics": topic, "title": title}
    with (folder / "news.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**record, "source": "The Coast Courier"}) + "\n")
