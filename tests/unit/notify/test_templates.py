"""Words of one's own: what a template can say, and what it cannot do."""

import json

import pytest

from monitor.errors import ConfigError
from monitor.notify.forms.slack import SlackForm, escape
from monitor.notify.telling import letter
from monitor.notify.templates import Template
from monitor.notify.wording import Wording


@pytest.fixture(scope="session")
def messages(support):
    return support("messages")


@pytest.fixture
def render(messages):
    def render(body, message=None, escape=str):
        said = message or messages.message()
        return Template(None, body, escape, "receiver 'desk'").render(said, letter(said, "en")).body

    return render


def test_a_template_says_what_it_is_given(render, messages):
    text = (
        "{{ title }} ({{ count }})\n{% for alert in alerts %}\n"
        "{{ loop.index }}. {{ alert.title|upper }}: {{ alert.change }}, {{ alert.since }}\n"
        "{% for e in alert.evidence %}\n- {{ e.citation }} <{{ e.url }}>\n{% endfor %}\n{% endfor %}"
    )
    assert render(text, messages.message(messages.an_alert(7))).splitlines() == [
        "Clean energy 7: stalled (no advance in 180d of watching, since 2025-08-23), 2026-02-19 (1)",
        "1. CLEAN ENERGY 7: on track → stalled, 2026-02-19",
        "- 2025-08-23, Officials meet, The Coast Courier <https://news.example/a>",
    ]


def test_what_an_update_says_is_escaped_for_its_place(render, messages):
    message = messages.message(messages.hostile("<!channel>"))
    assert render("<b> {{ alerts[0].headline }}", message, escape) == "<b> &lt;!channel&gt;"
    assert render("{{ alerts[0].headline ~ '<' }}", message, escape) == "&lt;!channel&gt;&lt;"
    assert json.loads(render('{"a": {{ alerts[0].headline|tojson }}}', message, escape)) == {
        "a": "<!channel>"
    }


def test_a_title_is_one_line_and_a_body_takes_the_place_of_the_built_in_one(messages):
    own = Template("{{ count }}\n\n alerts", "own {{ severity }}", escape, "x")
    body = json.loads(SlackForm(Wording(template=own)).parcel(messages.message(), 0).body)
    assert body["text"] == "1 alerts"
    assert [b["text"]["text"] for b in body["blocks"]] == ["1 alerts", "own warning"]


@pytest.mark.parametrize(
    "source",
    [
        "{{ alerts.__class__ }}",
        "{{ alerts['__class__'].__mro__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title.format(1) }}",
        "{{ '%s'|format(1) }}",
        "{{ alerts[0].labels.clear() }}",
        "{{ alerts.append(1) }}",
        "{{ title|attr('__class__') }}",
        "{{ self }}{{ self.__init__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum() }}",
        "{{ range.__class__ }}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% from '/etc/passwd' import x %}",
        "{% extends '/etc/passwd' %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for x in alerts recursive %}{{ loop(alerts) }}{% endfor %}",
        "{% call title() %}{% endcall %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ range(1000000000)|list }}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "{% set n = namespace(x='xxxxxxxxxx') %}{% for a in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "{% set n = namespace(x='xxxxxxxxxx') %}{% for a in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "{% set n = namespace(x=[1, 2]) %}{% for a in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "{% set n = namespace(x='xx') %}{% for a in range(60) %}{% set n.x = n.x|replace('x', n.x) %}{% endfor %}",
        "{% set n = namespace(x='xx') %}{% for a in range(60) %}{% set n.x = [n.x, n.x]|join(n.x) %}{% endfor %}",
        "{% for a in range(1000) %}{{ 'x' ~ ('y' ~ 'z') }}{{ title }}{{ title }}{{ title }}{% endfor %}",
        "{{ title.nothing }}",
        "{{ nothing }}",
        "{{ 1 / 0 }}",
        "{{ 'a' + 1 }}",
        "{{ open('/etc/passwd') }}",
        "{% set x = joiner %}{{ x.__init__ }}",
        "{{ alerts|map('upper', attribute='__class__')|list }}",
        "{{ alerts|map(attribute='__class__')|map(attribute='__mro__')|list }}",
        "{{ alerts|groupby('__class__')|list }}",
        "{{ alerts|sum(attribute='__class__') }}",
        "{{ namespace.__init__ }}",
        "{{ loop }}",
        "{% debug %}",
        "{{ ",
        "{% for %}",
    ],
)
def test_a_template_cannot_reach_out_nor_run_on(render, source):
    with pytest.raises((ConfigError, ValueError)) as caught:
        render(source)
    assert "template" in str(caught.value)
    assert "root:" not in str(caught.value)


def test_a_template_that_is_too_long_is_refused(render):
    with pytest.raises(ConfigError, match="20,000 at most"):
        render("x" * 20_001)


def test_a_fault_is_told_with_its_line(render):
    with pytest.raises(ConfigError, match="receiver 'desk': template, line 2: "):
        render("fine\n{% if %}")


def test_a_template_that_fails_is_a_failed_attempt_and_nothing_is_sent(messages, receiver):
    from monitor.notify.guard import Guard
    from monitor.notify.receiver import HttpSender

    form = SlackForm(Wording(template=Template(None, "{{ alerts[9].title }}", escape, "x")))
    sender = HttpSender("desk", receiver.url, form, guard=Guard(private=True))
    attempt = sender.send(messages.message(), 0)
    assert attempt.status is None
    assert "template" in attempt.error
    assert receiver.requests == []
