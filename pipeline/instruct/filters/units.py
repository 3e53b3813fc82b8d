"""Units of quantities as eight languages write them, and words that bound or round a number."""

from __future__ import annotations

import re

_PER = r"(?:an?|per|each|every|pro|je|in der|in einer|por|par|a l'|all'|al|a la|в|за)"
_HOUR = r"(?:hour|stunde|hora|heure|ora|час)"
_SECOND = r"(?:second|sekunde|segundo|seconde|secondo|секунду)"

_PATTERNS = (
    (
        "area",
        1.0,
        r"(?:square|quadrat|quadrad|carre|квадрат|平方)|m2\b|m²|(?:met\w+) (?:cuadrad|carre|quadr)",
    ),
    (
        "km/h",
        1.0,
        rf"(?:kilomet\w*|км|километр\w*) {_PER} {_HOUR}|km/?h\b|kmh\b|км/ч|kph\b|stundenkilomet\w*|公里每小时|"
        rf"千米每小时",
    ),
    ("km/h", 1.609, rf"(?:miles?|meilen|millas|milles|miglia|milhas|мил\w+) {_PER} {_HOUR}|mph\b|英里每小时"),
    ("km/h", 3.6, rf"(?:met(?:er|re|ro|ri)s?n?|m|м|метр\w*) {_PER} {_SECOND}|m/s\b|м/с\b|米每秒"),
    ("m", 0.01, r"centim|zentim|cm\b|сантим|см\b|厘米|公分"),
    ("m", 0.001, r"millim|mm\b|миллим|毫米"),
    ("m", 1000.0, r"kilomet|km\b|километр|公里"),
    ("m", 0.3048, r"(?:foot|feet|ft|fuss|pies|pieds|piedi|pes)\b|фут|英尺"),
    ("m", 0.0254, r"inch|zoll\b|pulgada|pouce|polegada|дюйм|英寸"),
    ("m", 0.9144, r"yards?\b"),
    ("m", 1.0, r"met(?:er|re|ro|ri)|m\b|метр|м\b|米"),
    ("s", 0.001, r"millis|milis|ms\b|миллисек|мс\b|毫秒"),
    ("s", 1.0, r"sec|sek|seg|s\b|сек|с\b|秒"),
    ("bpm", 1.0, r"bpm|beats?\b|schlag|pulsa|battement|battit|batida|удар|拍"),
    ("s", 60.0, r"minut|min\b|минут|мин\b|分钟"),
    ("clock", 1.0, r"(?:o'clock|uhr|[ap]\.?m)\b|点"),
    ("s", 3600.0, r"hours?\b|stunde|heures? de|小时"),
    ("clock", 1.0, r"horas\b|heures?\b|ore\b|час|:\d\d"),
    ("dB", 1.0, r"db\b|decib|dezib|децибел|дб\b|分贝"),
    ("Hz", 1000.0, r"khz\b|kilohertz|килогерц|千赫"),
    ("Hz", 1.0, r"hz\b|hertz|герц|гц\b|赫兹"),
    ("%", 1.0, r"%|per ?cent|prozent|por ciento|pour cent|per cento|por cento|процент"),
    ("kbit/s", 1000.0, r"mbps|mbit|megabit|mb/s|мегабит"),
    ("kbit/s", 1.0, r"kbps|kbit|kilobit|kb/s|килобит"),
    ("years", 1.0, r"year|jahr|anos?\b|ans?\b|anni\b|лет|год|岁"),
    (
        "celsius",
        1.0,
        r"(?:°|degrees?|grad|grados|degres|gradi|graus|градус\w*|度)?\s*(?:c\b|celsius|centigrade|цельси\w*)|摄氏",
    ),
    ("degrees", 1.0, r"°|degree|grad\b|grados|degres|gradi|graus|градус|度"),
    ("times", 1.0, r"times\b|mal\b|veces\b|fois\b|volte\b|vezes\b|раза?\b|次"),
    (
        "people",
        1.0,
        r"(?:(?!and\b|und\b|y\b|et\b|e\b|и\b)[^\W\d]+ ){0,2}(?:people|persons?\b|person(?:en|as?|nes|"
        r"e)\b|pessoas?|"
        r"gente|speakers?\b|talkers?\b|voices?\b|stimmen?\b|sprecher|hablante|locutor|voces\b|voz\b|"
        r"vozes\b|voix\b|"
        r"locuteur|voci\b|voce\b|participants?\b|teilnehm|leute|человек|людей|люди|голос|говорящ|спикер|"
        r"участник)"
        r"|(?:个|位|名)?(?:不同的?)?(?:人|说话|讲话|声音|男|女)",
    ),
)

MEASURES = tuple((m, f, re.compile(rf"\s?-?(?:{pattern})")) for m, f, pattern in _PATTERNS)
OVER = re.compile(
    r"(?:\b(?:over|above|more than|older than|at least|longer than|louder than|farther than|"
    r"further than|beyond|"
    r"exceeds?|faster than|uber|mehr als|alter als|mindestens|langer als|mas de|mayor de|al menos|plus de|"
    r"plus que|au moins|piu di|almeno|mais de|mais que|pelo menos|более|больше|старше|свыше|не менее|"
    r"дольше|громче|"
    r"дальше)|超过|多于|大于|至少)\s*(?:чем\s*)?$"
)
UNDER = re.compile(
    r"(?:\b(?:under|below|less than|fewer than|younger than|at most|shorter than|not yet|closer than|"
    r"within|up to|"
    r"slower than|nicht mehr als|unter|weniger als|junger als|hochstens|noch nicht|noch keine|menos de|"
    r"menor de|"
    r"moins de|meno di|меньше|менее|моложе|младше|не более|не больше|до)|不到|少于|小于|未满|不超过)\s*(?:чем\s*)?$"
)
ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|some|circa|ca|nearly|almost|close to|etwa|ungefahr|rund|knapp|fast|gut|"
    r"beinahe|unos|unas|alrededor de|aproximadamente|casi|cerca de|environ|a peu pres|presque|autour de|pres de|quasi|"
    r"intorno a|piu o meno|uns|umas|quase|por volta de|около|примерно|приблизительно|почти|где-то|"
    r"порядка)\s+(?:an?\s+|the\s+|de\s+)?$"
    r"|(?:大约|大概|约|差不多|将近|接近|近)$"
)
"""Before a number that is rounded more coarsely."""

A_LITTLE = re.compile(
    r"\b(?:just|slightly|a little|a bit|a touch|barely|only just|somewhat|shortly|marginally|scarcely|"
    r"etwas|ein wenig|ein bisschen|"
    r"kaum|un poco|un peu|a peine|legerement|poco|un po'|leggermente|um pouco|pouco|чуть|немного|немногим|"
    r"слегка|едва)\s+$"
    r"|(?:稍|略|刚)(?:微)?$"
)
"""Before `over` or `under`: the number itself is near, and no limit is meant."""
