"""How people dress a command up: openings, endings, hesitations, second thoughts, and what a recogniser mishears."""

from __future__ import annotations

from numpy.random import Generator

from policies.language.grammar.patterns import Tagged, pick
from policies.language.labels import BEGIN, INSIDE

OPENINGS = (
    "please", "please", "could you", "can you", "could you please", "can you please", "would you", "will you",
    "would you please", "i want you to", "i'd like you to", "i would like you to", "i need you to", "you should",
    "you need to", "you have to", "you can", "you must", "now", "okay now", "ok", "alright", "right", "so", "well",
    "i was wondering if you could", "is it possible for you to", "do you think you could", "would you be so kind and",
    "do me a favour and", "do me a favor and", "be a dear and", "why don't you", "how about you", "let's see",
    "just", "quickly", "maybe you could", "could you perhaps", "could you possibly", "if you don't mind",
    "when you have a minute", "when you get a chance", "go ahead and", "try to", "it would be great if you could",
    "i think you should", "now please", "next", "first", "um could you", "uh", "hmm", "can ya", "kindly", "you may",
    "would it be possible to", "any chance you could", "sorry could you", "excuse me could you", "listen", "hurry and",
)  # fmt: skip
CALLS = (
    "robot", "hey robot", "housemate", "hey housemate", "hello robot", "hi robot", "ok robot", "okay housemate", "hey",
    "hey there", "excuse me", "hey buddy", "dear robot", "hi there", "oi", "listen robot", "good morning robot", "yo",
)  # fmt: skip
ENDINGS = (
    "please", "please", "now", "right now", "thanks", "thank you", "for me", "robot", "would you", "will you", "okay",
    "if you can", "if you don't mind", "immediately", "as soon as possible", "when you can", "buddy", "housemate",
    "for a moment", "would you mind", "cheers", "mate", "if possible", "then", "again", "quickly please", "dear",
)  # fmt: skip
LINKS = ("and", "and", "and", "then", "and then", "and then", "after that", "and after that", "then please", "",
         "and also", "also", "and when you are done", "afterwards", "next", "and finally", "and please",
         "once you're there", "and there", "followed by", "plus",
         "and if you find it", "if you find them", "when you have it", "and if so")  # fmt: skip
HESITATIONS = ("um", "uh", "er", "like", "you know", "hmm", "erm", "well", "uhm")
RETRACTIONS = (
    "no wait", "no i mean", "i mean", "sorry i mean", "no sorry", "wait no", "actually no", "or rather", "oh wait no",
    "no not that", "no", "scratch that", "i meant", "correction", "hang on no", "sorry", "actually",
)  # fmt: skip
GERUNDS = ("would you mind", "do you mind", "how about", "i'd appreciate you", "what about")
BARE = frozenset({  # after these first words an opening like "could you" would not be English
    "i", "i'm", "you", "you're", "your", "it's", "it", "the", "this", "there", "here", "where", "where's", "is", "are",
    "what", "what's", "who", "who's", "how", "did", "do", "that's", "that", "we", "we're", "have", "my", "let's", "in",
    "on", "which", "somewhere", "someone", "enough", "can", "would", "don't", "no", "could", "time", "welcome",
})  # fmt: skip
MISHEARD = {
    "the": ("a", "da", "de", "thee"), "to": ("too", "two", "do"), "here": ("hear",), "follow": ("fallow", "follow a"),
    "kitchen": ("kitschen", "chicken"), "light": ("lite",), "lights": ("lights", "light", "like"), "two": ("to", "too"),
    "me": ("mi", "may"), "for": ("four",), "four": ("for",), "robot": ("robert", "robots"), "their": ("there",),
    "door": ("dore", "doors"), "stop": ("stopped", "top"), "turn": ("term", "turned"), "left": ("lift", "laughed"),
    "right": ("write", "rite"), "look": ("looks", "luck"), "find": ("fined", "finds"), "and": ("an", "end", "in"),
    "bring": ("ring", "brings"), "go": ("goal", "going", "goes"), "is": ("his", "as"), "where": ("were", "wear"),
    "bedroom": ("bed room", "bedrooms"), "bathroom": ("bath room",), "living": ("leaving",), "can": ("ken",),
    "you": ("ya", "u"), "know": ("no",), "hall": ("whole", "haul"), "keys": ("keis", "kiss"), "come": ("calm", "comes"),
    "tell": ("till",), "take": ("takes", "tag"), "move": ("moves", "moved"), "on": ("one", "own"), "off": ("of",),
    "phone": ("fone",), "please": ("pleas", "police"), "this": ("these", "dis"), "wait": ("weight",),
}  # fmt: skip
DROPPABLE = frozenset({"the", "a", "an", "to", "please", "is", "of", "could", "are"})


def opened(rng: Generator, command: Tagged) -> Tagged:
    """Return a command with an opening it can bear."""
    first = command[0][0]
    if first in BARE:
        return command
    if rng.random() < 0.08 and command[0][1] == "O" and first.isalpha():
        return [*_plain(pick(rng, GERUNDS)), (gerund(first), "O"), *command[1:]]
    return [*_plain(pick(rng, OPENINGS)), *command]


def called(rng: Generator, command: Tagged) -> Tagged:
    """Return a command that calls the robot first."""
    return [*_plain(pick(rng, CALLS)), *command]


def ended(rng: Generator, command: Tagged) -> Tagged:
    """Return a command with a polite or hurried ending."""
    return [*command, *_plain(pick(rng, ENDINGS))]


def linked(rng: Generator, command: Tagged) -> Tagged:
    """Return a command that follows another one."""
    return [*_plain(pick(rng, LINKS)), *command]


def hesitant(rng: Generator, command: Tagged) -> Tagged:
    """Return a command with a hesitation between two words, outside what is copied."""
    places = [i for i, (_, tag) in enumerate(command) if not tag.startswith("I")]
    at = places[int(rng.integers(len(places)))]
    return [*command[:at], *_plain(pick(rng, HESITATIONS)), *command[at:]]


def gerund(verb: str) -> str:
    """Return `going` of `go`, near enough for people's speech."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return verb[:-1] + "ing"
    doubles = len(verb) > 2 and verb[-1] in "bdgmnpt" and verb[-2] in "aeiou" and verb[-3] not in "aeiou"
    return verb + verb[-1] * doubles + "ing"


def misheard(rng: Generator, words: list[list[str]]) -> list[list[str]]:
    """Return words (each with its labels) as a recogniser may give them; labels stay."""
    heard = []
    for word, *labels in words:
        draw = rng.random()
        if draw < 0.06 and word in DROPPABLE and not labels[0].startswith("B") and labels[1] != str(BEGIN):
            continue
        if draw < 0.12 and word in MISHEARD:
            word = pick(rng, MISHEARD[word])
        if draw > 0.97:
            word = word.replace("'", "")
        for i, part in enumerate(word.split()):
            tag, place, *rest = labels
            first = i == 0 or place != str(BEGIN)
            heard.append([part, tag.replace("B-", "I-") if i else tag, place if first else str(INSIDE), *rest])
    return heard


def _plain(text: str) -> Tagged:
    return [(word, "O") for word in text.split()]
