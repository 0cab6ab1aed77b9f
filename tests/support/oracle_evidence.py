"""The oracle's reading of reports: what they match, what they concern, which of them count."""

import re
import unicodedata
from fractions import Fraction


def tier_of(update, groups):
    """The strongest tier that a name (also with a remark) or a host (or a parent) earns."""
    host = re.sub(r"^https?://", "", update.url).split("/")[0]
    return min(
        (
            group.tier
            for group in groups
            if any(
                re.fullmatch(re.escape(name) + r"( \(.*)?", update.source, re.IGNORECASE)
                for name in group.names
            )
            or any(host == known or host.endswith("." + known) for known in group.hosts)
        ),
        default=3,
    )


def goes_on(character):
    """A letter or digit of a script that puts spaces between words (no CJK, no Hangul)."""
    return character.isalnum() and unicodedata.name(character).split()[0] not in {
        "CJK",
        "HANGUL",
        "HIRAGANA",
        "KATAKANA",
    }


def text_holds(test, text):
    plain = unicodedata.normalize("NFKC", text).casefold()

    def inside(term):
        term = unicodedata.normalize("NFKC", term).casefold()
        if not term.isascii():
            return term in plain
        found = re.finditer(re.escape(term), plain)
        return any(
            not goes_on(plain[: m.start()][-1:]) and not goes_on(plain[m.end() :][:1])
            for m in found
        )

    return (
        (not test.any or any(inside(t) for t in test.any))
        and all(inside(t) for t in test.all)
        and not any(inside(t) for t in test.none)
        and (test.regex is None or re.search(test.regex, text, re.IGNORECASE) is not None)
    )


def matches(pattern, update, groups, gate=None):
    """Every test that a pattern gives holds; `gate` is the tier demanded where it names none."""
    weakest = pattern.tier if pattern.tier is not None else gate
    both = f"{update.title}\n{update.text}"
    return all(
        (
            weakest is None or tier_of(update, groups) <= weakest,
            not pattern.kind or update.kind in pattern.kind,
            not pattern.topics or set(pattern.topics) & set(update.topics),
            not pattern.parties or set(pattern.parties) & set(update.parties),
            set(pattern.all_parties) <= set(update.parties),
            not pattern.source or update.source in pattern.source,
            not pattern.milestone or update.milestone in pattern.milestone,
            not pattern.indicator or update.indicator in pattern.indicator,
            pattern.value is None
            or (update.value is not None and within_range(pattern.value, update.value)),
            not pattern.moves or update.moves_to is not None,
            pattern.title is None or text_holds(pattern.title, update.title),
            pattern.text is None or text_holds(pattern.text, both),
            pattern.url is None or text_holds(pattern.url, update.url),
        )
    )


def within_range(bounds, number):
    return (
        (bounds.at_least is None or number >= bounds.at_least)
        and (bounds.at_most is None or number <= bounds.at_most)
        and (bounds.above is None or number > bounds.above)
        and (bounds.below is None or number < bounds.below)
    )


def share_holds(bounds, part, whole):
    """A part in percent of the whole; of nothing no share is ever reached."""
    whole = Fraction(whole or Fraction(1, 1_000_000))
    return within_range(bounds, Fraction(part) * 100 / whole)


def concerns(update, agreement, commitment):
    if update.agreement not in (None, agreement.id):
        return False
    if update.commitment is not None:
        return update.commitment in (commitment.id, commitment.key)
    about = commitment.about
    return (not about.topics or bool(set(about.topics) & set(update.topics))) and (
        about.where is None or matches(about.where, update, agreement.sources)
    )


def that_count(reports, groups):
    """Without what only retracts, and without what others take back.

    A round lets in what nobody left attacks and throws out what those attack, until nothing moves.
    """
    known = {u.id: u for u in reports}

    def may(taker, name):
        return name in known and tier_of(taker, groups) <= tier_of(known[name], groups)

    def rank(u):
        return tier_of(u, groups), -u.occurred.start("UTC")

    attacks = {
        (u.id, name)
        for u in reports
        for name in (u.retracts, u.supersedes)
        if name is not None and name != u.id and may(u, name)
    }
    replacing = [
        u
        for u in reports
        if u.supersedes is not None
        and u.supersedes != u.id
        and (u.supersedes not in known or may(u, u.supersedes))
    ]
    for one in replacing:
        for other in replacing:
            if one is not other and one.supersedes == other.supersedes:
                same = rank(one) == rank(other)
                if one.id > other.id if same else rank(one) < rank(other):
                    attacks.add((one.id, other.id))
    inside, outside = set(), set()
    for _ in range(2 * len(known) + 2):
        for name in known:
            attackers = {a for a, b in attacks if b == name}
            if attackers & inside:
                outside.add(name)
            elif attackers <= outside:
                inside.add(name)
    return [u for u in reports if u.id not in outside and not (u.retracts and not u.supersedes)]
