"""What of a session survives a restart, to and from its widgets."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.panels.sockets.drafts import limits_form, tls_form, udp_form, way_form

if TYPE_CHECKING:
    from workbench.panels.sockets.parts.session import SessionView


def draft_of(view: "SessionView") -> dict[str, object]:
    """Everything that a person composed; never a conversation, never a password."""
    form = view.controller.state.form
    return {
        "bar": view.bar.draft(),
        "bytes": view.bytes.draft(),
        "form": {
            "reply": form.reply,
            "reply_text": form.reply_text,
            "route": form.route,
            "one_at_a_time": form.one_at_a_time,
        },
        "tls": form.tls._asdict(),
        "way": form.way._asdict(),
        "limits": form.limits._asdict(),
        "udp": form.udp._asdict(),
    }


def restore(view: "SessionView", draft: Mapping[str, object]) -> None:
    """Take a draft of an earlier session; what we did not write is left out."""
    form = draft.get("form")
    if isinstance(form, dict):
        view.rule.setCurrentIndex(max(0, view.rule.findData(str(form.get("reply")))))
        view.rule_text.setText(str(form.get("reply_text", "")))
        view.route.choose(str(form.get("route")))
        view.editor.server.one.setChecked(form.get("one_at_a_time") is True)
    if isinstance(bar := draft.get("bar"), dict):
        view.bar.restore(bar)
    if isinstance(typed := draft.get("bytes"), dict):
        # All of it is text; whatever else stands there was not written by us.
        view.bytes.restore({key: value for key, value in typed.items() if isinstance(value, str)})
    tls, way, limits = (
        tls_form(draft.get("tls")),
        way_form(draft.get("way")),
        limits_form(draft.get("limits")),
    )
    view.editor.ask.show_form(udp_form(draft.get("udp")))
    view.controller.compose(tls=tls, way=way, limits=limits)
    view.show_forms()
    view.tls.setChecked(tls.is_on)
