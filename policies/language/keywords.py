"""The keyword baseline: one ordered list of regular expressions, as many robots ship it. To measure beside ours."""

from __future__ import annotations

import re

from policies.language.numbers import degrees, metres
from policies.language.program import UNKNOWN, Action, Program, Value, action
from policies.language.words import words_of

REST = r"(?:the |a |an )?(?P<{}>.+)"
RULES: tuple[tuple[str, str], ...] = (
    (r"\b(?:hang up|end the call)\b", "hang_up"),
    (r"\bstop (?:copying|mimicking|imitating|mirroring)", "mimic on=false"),
    (r"\b(?:copy|mimic|imitate|mirror)\b", "mimic on=true"),
    (rf"\bfollow {REST.format('target')} to (?:the )?(?P<place>.+)", "follow"),
    (rf"\bfollow {REST.format('target')}", "follow"),
    (rf"\b(?:turn|switch) on {REST.format('device')} in (?:the )?(?P<place>.+)", "device on=true"),
    (rf"\b(?:turn|switch) on {REST.format('device')}", "device on=true"),
    (rf"\b(?:turn|switch) off {REST.format('device')} in (?:the )?(?P<place>.+)", "device on=false"),
    (rf"\b(?:turn|switch) off {REST.format('device')}", "device on=false"),
    (r"\bturn left(?: (?P<angle_deg>.+))?", "turn direction=left"),
    (r"\bturn right(?: (?P<angle_deg>.+))?", "turn direction=right"),
    (r"\bturn (?:a)?round", "turn direction=around"),
    (r"\b(?:move|go|drive) (?:back|backwards?)(?: (?P<distance_m>.+))?", "move direction=back"),
    (r"\b(?:move|go|drive) forwards?(?: (?P<distance_m>.+))?", "move direction=forward"),
    (r"\b(?:come here|come back)", "go_to place=here"),
    (rf"\b(?:go|drive|move|walk) to {REST.format('place')}", "go_to"),
    (rf"\b(?:find|look for|search for) {REST.format('target')} in (?:the )?(?P<place>.+)", "find"),
    (rf"\b(?:find|look for|search for) {REST.format('target')}", "find"),
    (rf"\blook at {REST.format('target')}", "look_at"),
    (r"\b(?:check|see) (?P<question>(?:if|whether) .+)", "inspect"),
    (r"\b(?P<question>how many .+)", "inspect"),
    (rf"\bcheck {REST.format('target')}", "inspect"),
    (rf"\bwhere(?: is|'s| are) {REST.format('thing')}", "where_is"),
    (rf"\bthis is {REST.format('thing')}", "remember place=here"),
    (rf"^{REST.format('thing')} (?:is|are) (?P<place>(?:on|in|under|next to|at) .+)", "remember"),
    (rf"\b(?:focus|lock) on(?: to)? {REST.format('target')}", "lock_on"),
    (r"\bunlock$", "unlock"),
    (r"\bpatrol\b", "patrol"),
    (r"\bnod\b", "gesture name=nod"),
    (r"\bdance\b", "gesture name=dance"),
    (r"\bbow\b", "gesture name=bow"),
    (r"\b(?P<value>slower|faster|slow down|speed up)\b", "set parameter=speed"),
    (r"\b(?P<value>louder|quieter)\b", "set parameter=volume"),
    (r"\b(?P<value>closer|further|farther)\b", "set parameter=distance"),
    (rf"\b(?:call|phone) {REST.format('person')}", "call"),
    (rf"\bsay {REST.format('text')}", "say"),
    (rf"\b(?:take|guide|lead) (?P<target>me|him|her|them) to {REST.format('place')}", "guide"),
    (rf"\bbring (?:me )?{REST.format('object')}", "manipulate verb=bring"),
    (rf"\b(?:take|grab|pick up|get) {REST.format('object')}", "manipulate verb=take"),
    (rf"\b(?:put|place) {REST.format('object')} (?:in|on) (?:the )?(?P<destination>.+)", "manipulate verb=put"),
    (rf"\bgive me {REST.format('object')}", "manipulate verb=give"),
    (rf"\bopen {REST.format('object')}", "manipulate verb=open"),
    (rf"\b(?:close|shut) {REST.format('object')}", "manipulate verb=close"),
    (r"\bhow are you\b|\bstatus\b", "status"),
    (r"\bhelp\b|\bwhat can you do\b", "help"),
    (r"\bcancel\b|\bnever mind\b", "cancel"),
    (r"\b(?:stop|halt|freeze)\b", "stop"),
    (r"\b(?:pause|wait|hold on)\b", "pause"),
    (r"\b(?:resume|continue|go on)\b", "resume"),
    (r"^(?:yes|yeah|ok|okay|sure)\b", "yes"),
    (r"^no(?:pe)?\b", "no"),
)
COMPILED = tuple((re.compile(pattern), label) for pattern, label in RULES)
MEASURES = {"angle_deg": degrees, "distance_m": metres}


def by_keywords(text: str) -> Program:
    """Return the program that the rules read: sentence cut at "and" and "then", first rule that fits."""
    sentence = re.sub(r"\b(?:please|could you|can you|would you|robot|housemate)\b", " ", " ".join(words_of(text)))
    parts = [" ".join(part.split()) for part in re.split(r"\band then\b|\bthen\b|\band\b", sentence)]
    return tuple(_one(part) for part in parts if part) or UNKNOWN


def _one(part: str) -> Action:
    for pattern, label in COMPILED:
        found = pattern.search(part)
        if found:
            name, _, fixed = label.partition(" ")
            slots = {slot: _value(slot, text) for slot, text in found.groupdict().items() if text}
            given: dict[str, Value] = {slot: value for slot, value in slots.items() if value is not None}
            if fixed:
                slot, _, value = fixed.partition("=")
                given[slot] = value == "true" if slot == "on" else value
            return action(name, given)
    return action("unknown")


def _value(slot: str, text: str) -> Value | None:
    return MEASURES[slot](text) if slot in MEASURES else text
