"""leak, blind and the binary flag, by classes of questions: what gives a fact away, and what only looks so."""

from typing import Any

import pytest

from cryfish.pipeline.instruct.filters import FILTERS, Candidate, is_binary

Facts = dict[str, Any]


def against(
    name: str, facts: Facts, question: str, answer: str = "I'd say so.", description: str = ""
) -> str:
    verdict = FILTERS[name](Candidate(question, answer, facts, description))
    return "" if verdict.keep else verdict.detail


GIVEN = [
    ({"looped": True}, "This has been looped, hasn't it?"),
    ({"is_detuned": True, "keys": 88}, "Isn't the piano detuned?"),
    # a verb, a derivation, a synonym
    ({"dialogue_act": "apology"}, "What is the participant apologising for?"),
    ({"dialogue_act": "greeting"}, "Whom does the caller greet?"),
    ({"speech_act": "warning"}, "What is the engineer warning against?"),
    ({"dialogue_act": "refusal"}, "Why does the customer decline?"),
    ({"phonation": "whisper"}, "What is said so softly, in an undertone?"),
    ({"phonation": "creaky"}, "Who has the creaking voice?"),
    ({"voice_quality": "hoarse"}, "What does the raspy speaker say?"),
    ({"condition": "anomalous"}, "What is wrong with the machine?"),
    ({"condition": "damaged"}, "Which part of the defective gearbox rattles?"),
    ({"events": ["glass_shatter"]}, "When is the glass smashed?"),
    ({"events": [{"event": "dog_bark", "start_s": 1.0}]}, "When does the hound start?"),
    ({"events": ["water_boiling"]}, "How long does the kettle simmer?"),
    ({"action": "scratch"}, "What material is being scraped?"),
    ({"vehicle": "tram"}, "How fast is the streetcar?"),
    ({"vehicle": "fire engine"}, "In which direction does the fire truck go?"),
    ({"age_group": "child"}, "What does the toddler want?"),
    ({"emotion": "grief"}, "Why is the speaker grieving?"),
    ({"effect": "distortion"}, "How fast is the distorted riff?"),
    ({"weather": "snow"}, "Who walks through the snowy yard?"),
    ({"surface": "metal"}, "What taps on the metallic plate?"),
    ({"description": "an oboe plays a slow tune over strings"}, "What does the oboist play?"),
    # numbers as words, as context
    ({"num_singers": 4}, "What do the four singers perform?"),
    ({"n_talkers": 3}, "What are the three people talking about?"),
    ({"speed_kmh": 90}, "Which vehicle passes at ninety kilometres an hour?"),
    ({"steps": 12}, "On what ground do the twelve footsteps fall?"),
    ({"delay_ms": 500}, "What is repeated after half a second, 500 ms later?"),
    # translated
    ({"mood": "melancholic"}, "¿Qué instrumento toca esta melodía tan melancólica?"),
    ({"mood": "energetic"}, "Quel est le tempo de ce morceau énergique ?"),
    ({"vehicle": "trolleybus"}, "Куда едет троллейбус?"),
    ({"condition": "faulty"}, "Was ist an der kaputten Maschine zu hören?"),
    ({"phonation": "whisper"}, "¿Qué se dice en ese susurro?"),
    ({"age_group": "elderly"}, "这位老人在说什么?"),
    ({"age_group": "young adult"}, "这位年轻人是哪里口音?"),
    ({"dialect": "Sichuanese"}, "讲四川话的人多大年纪?"),
    ({"gender": "female"}, "この女性は何と言っていますか?"),
    ({"emotion": "anger"}, "Почему сердится этот человек?"),
    ({"caller_mood": "impatient"}, "¿Qué quiere la persona impaciente?"),
    ({"voice_type": "baritone"}, "Что поёт баритон?"),
    ({"first_language": "Polish"}, "Seit wann lernt der Pole Deutsch?"),
    ({"event": "engine_start"}, "When is the engine started?"),
    ({"bird": "nightingale"}, "Wie lange singt die Nachtigall?"),
    ({"place": "airport"}, "Was wird am Flughafen durchgesagt?"),
    ({"role": "customer"}, "Was möchte der Kunde?"),
    ({"role": "doctor"}, "Что советует врач?"),
    ({"emotion": "fear"}, "¿De qué tiene miedo la persona?"),
    ({"emotion": "surprise"}, "What astonishes the speaker?"),
    ({"fluency": "hesitant"}, "Why does the speaker hesitate?"),
    ({"vocalisation": "sneeze"}, "¿Cuántas veces estornuda la persona?"),
    ({"speaking_rate": "fast"}, "What does the fast talker say?"),
    ({"vocals": "female"}, "How does she sing the chorus?"),
    ({"sex": "F"}, "What does the woman say?"),
    ({"is_child": True}, "What does the child say?"),
    ({"speech_rate": "slow"}, "Where does this unhurried talker come from?"),
    ({"speech_rate": "fast"}, "Woher kommt der schnelle Sprecher?"),
    ({"island": "Bali"}, "Which scale does the Balinese ensemble use?"),
    ({"city": "Paris"}, "What is heard in this Parisian street?"),
    ({"emotion": "panic"}, "惊慌的报警人遇到了什么事?"),
    ({"emotion": "relief"}, "Pourquoi la personne est-elle soulagée ?"),
    ({"age_months": 41}, "How does the three-year-old say the word?"),
    ({"talkers": 3}, "What language do the three of them speak?"),
    # told before the question
    ({"gender": "male"}, "A man is heard. Is the room large?"),
    # suggested
    ({"synthetic": True}, "This voice was made by a computer, wasn't it?"),
    ({"synthetic": True}, "Isn't that an artificial voice?"),
    ({"effect": "echo"}, "There is an echo on it, right?"),
    ({"condition": "faulty"}, "Die Pumpe ist defekt, oder?"),
    ({"vehicle": "bus"}, "C'est un bus, n'est-ce pas ?"),
    # beside a tested value
    ({"gender": "female", "age_group": "elderly"}, "这位老人是男是女?"),
    ({"accent": "Italian", "emotion": "joy"}, "Is the Italian caller glad?"),
    ({"queen_present": False}, "Is it loud in this queenless hive?"),
    # what is said
    ({"lyrics": "the river runs down to the silver sea"}, "Where does the river run, down to which sea?"),
    ({"translation_en": "The library stays closed until Monday."}, "Until when is the library shut?"),
    ({"utterance": "the elephants trumpet because they smell water"}, "What do the elephants smell?"),
]


@pytest.mark.parametrize(("facts", "question"), GIVEN)
def test_a_fact_given_as_context_is_a_leak(facts: Facts, question: str) -> None:
    assert against("leak", facts, question)


KEPT = [
    ({"looped": True}, "Has this sound been looped?"),
    ({"looped": False}, "This has been looped, hasn't it?"),
    ({"mood": "tense"}, "Does the speaker use the past tense or the present tense?"),
    ({"touch": "pianissimo"}, "Насколько громко играет пианист?"),
    # tested
    ({"condition": "abnormal"}, "Is the machine running normally?"),
    ({"condition": "faulty"}, "Is the pump faulty?"),
    ({"condition": "faulty"}, "Ist die Pumpe defekt?"),
    ({"window": "open"}, "Is the car window open or shut?"),
    ({"window": "open"}, "Is the window open during the drive?"),
    ({"door": "closed"}, "Is the garage door closed or open?"),
    ({"phonation": "whisper"}, "Does the speaker whisper or talk aloud?"),
    ({"phonation": "whisper"}, "Is this whispered?"),
    ({"mood": "melancholic"}, "¿La pieza suena melancólica?"),
    ({"vehicle": "tram"}, "Fährt hier eine Straßenbahn?"),
    ({"gender": "male"}, "说话人是男是女?"),
    ({"gender": "female"}, "男性ですか、女性ですか?"),
    ({"emotion": "joy"}, "話者は喜んでいますか?"),
    ({"num_speakers": 3}, "Are there three people in the call?"),
    ({"synthetic": True}, "Is the voice synthetic?"),
    ({"dialogue_act": "complaint"}, "Is this a complaint or a question?"),
    ({"role": "pilot"}, "Who is talking, the pilot or the tower?"),
    ({"events": ["rain"]}, "The options are: rain, wind, thunder. Which is heard?"),
    ({"events": ["rain"]}, "What is heard? Rain or wind?"),
    ({"material": "wood"}, "Is the struck object wooden?"),
    ({"vocalisation": "laugh"}, "Weint oder lacht die Person?"),
    ({"direction": "approaching"}, "Is the vehicle approaching?"),
    ({"speech_rate": "slow"}, "Is the speech slow or fast?"),
    ({"speech_rate": "slow"}, "How slow is the speech?"),
    ({"pitch": "high"}, "How high is it?"),
    # a chance homonym or topic word, with a text in play
    ({"accent": "Polish", "utterance": "rub the polish in"}, "What is done with the polish?"),
    (
        {"emotion": "tense", "sentence": "they had left by noon"},
        "In which grammatical tense is the sentence?",
    ),
    (
        {"language": "Danish", "text": "I ate a danish with my coffee"},
        "What was eaten along with the coffee?",
    ),
    ({"transcript": "pedimos que se apruebe el presupuesto"}, "¿Qué pide la persona que interviene?"),
    ({"transcript": "je pense que tu as raison"}, "Qu'est-ce que la personne pense de l'idée ?"),
    ({"utterance": "der Zug hat zwanzig Minuten Verspätung"}, "Was hat die Person über den Zug zu sagen?"),
    ({"transcript": "the last bus to town leaves at ten past six"}, "What is said about a bus?"),
    ({"transcript": "你什么时候到学校"}, "说话人什么时候出发?"),
    ({"transcript": "明日は雨が降るそうです"}, "話者は何と言っていますか?"),
    ({"transcript": "die Bäckerei hat montags geschlossen"}, "An welchem Tag ist zu?"),
    ({"transcript": "会議は三時からです"}, "会議はいつからですか?"),
    ({"transcript": "завтра будет сильный дождь"}, "Какую погоду обещают?"),
    ({"description": "a choir begins, then the whole orchestra erupts"}, "How does the whole cue begin?"),
    # the class of the value, a fact's name
    ({"species": "barn owl"}, "Which bird is calling?"),
    ({"species": "marsh frog"}, "What kind of frog is it?"),
    ({"instrument": "nylon guitar"}, "Which guitar is being played?"),
    ({"vehicle": "motorcycle"}, "С какой скоростью проезжает транспортное средство?"),
    ({"lead_instrument": "organ"}, "How is the passage organised?"),
    ({"genders": ["female", "male", "female"]}, "How many women take part?"),
    ({"machine": "fan", "condition": "normal"}, "What state is the machine in?"),
    ({"intensity": "low"}, "How low or high is the intensity?"),
    ({"age": 7}, "Which of the seven notes is sung?"),
]


@pytest.mark.parametrize(("facts", "question"), KEPT)
def test_what_is_tested_or_only_looks_like_a_value_is_no_leak(facts: Facts, question: str) -> None:
    assert against("leak", facts, question) == ""


QUIZ = [
    ({"species": "hedgehog"}, "Which animal rolls itself into a prickly ball?", "A hedgehog."),
    ({"instrument": "bagpipes"}, "What instrument do pipers in kilts march with?", "The bagpipes."),
    ({"emotion": "fear"}, "What feeling makes people's hair stand on end?", "Fear."),
    ({"emotion": "shame", "sentence": "so be it"}, "What feeling makes people blush after telling a lie?", "Shame."),
    ({"diagnosis": "asthma"}, "What is the medical term for a chronic narrowing of the airways?", "Asthma."),
    ({"diagnosis": "aphasia"}, "What do you call a loss of language after a stroke?", "Aphasia."),
    ({"composer": "Vivaldi"}, "Which composer wrote four concertos about spring, summer and so on?", "Vivaldi."),
    ({"vehicle": "tram"}, "Does a tram need overhead wires to get electricity?", "Yes."),
    ({"sound_class": "cow"}, "Do cows have several stomachs for digesting grass?", "Yes."),
    ({"instrument": "violin"}, "Is a violin smaller than a cello?", "Yes."),
    ({"species": "penguin"}, "Can penguins fly?", "No."),
    ({"genre": "flamenco"}, "From which country does flamenco dancing come?", "From Spain."),
    ({"species": "whale"}, "Are whales mammals?", "Yes."),
    ({"emotion": "sadness"}, "What emotion do people feel at a funeral?", "Sadness."),
    ({"instrument": "piano"}, "Which instrument has black and white keys?", "The piano."),
    ({"sound_class": "cow"}, "Que animal da quinta dá leite?", "A vaca."),
    ({"sound_class": "cow"}, "¿Qué animal da leche y muge?", "La vaca."),
    ({"sound_class": "cow"}, "Welches Tier gibt Milch?", "Die Kuh."),
    ({"sound_class": "cow"}, "Quel animal donne du lait ?", "La vache."),
    ({"sound_class": "cow"}, "Какое животное даёт молоко?", "Корова."),
    ({"sound_class": "cat"}, "哪种动物最喜欢抓老鼠?", "猫。"),
    ({"instrument": "piano"}, "哪种乐器有八十八个键?", "钢琴。"),
    ({"diagnosis": "asthma"}, "Wie lautet der Fachbegriff für Atemnot in Anfällen?", "Asthma."),
    ({"profession": "baker"}, "¿Cómo se llama quien hace pan?", "Panadero."),
    ({"genre": "haiku"}, "俳句とは何ですか?", "短い詩です。"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "question", "answer"), QUIZ)
def test_a_quiz_question_is_blind(facts: Facts, question: str, answer: str) -> None:
    assert against("blind", facts, question, answer)


ABOUT_THE_CLIP = [
    ({"condition": "abnormal"}, "Is the machine running normally?", "No.", ""),
    ({"machine": "valve"}, "Läuft die Maschine normal?", "Nein.", "Factory machines."),
    ({"vehicle": "truck"}, "Which vehicle drives past at high speed?", "A truck.", "Vehicles on a road."),
    ({"species": "great tit"}, "Which bird calls twice in a row?", "A great tit.", "Bird calls."),
    ({"instrument": "oboe"}, "Which instrument carries the tune?", "The oboe.", ""),
    ({"instrument": "sitar"}, "Which plucked instrument dominates?", "A sitar.", "Indian classical music."),
    ({"event": "blender"}, "Which kitchen appliance is switched on?", "A blender.", "Kitchen sounds."),
    ({"event": "hail"}, "What kind of precipitation strikes a window?", "Hail.", "Weather sounds."),
    ({"topic": "gardening"}, "Which hobby is talked about?", "Gardening.", ""),
    ({"sport": "tennis"}, "Which sport is being played?", "Tennis.", "Sports grounds."),
    ({"animal": "cow"}, "Какое животное мычит?", "Корова.", ""),
    ({"animal": "cow"}, "¿Qué animal muge?", "Una vaca.", ""),
    ({"emotion": "anger"}, "Which emotion colours the delivery?", "Anger.", ""),
    ({"composer": "Vivaldi"}, "Who composed the sonata?", "Vivaldi.", "Sonatas with their composers."),
    ({"genre": "waltz", "time_signature": "3/4"}, "How many beats are in a bar?", "Three.", ""),
    ({"pitch_midi": 72}, "What frequency does it have?", "About 523 Hz.", ""),
    ({"events": ["door"]}, "How often does a door slam?", "Twice.", ""),
    ({"events": ["dog_bark"]}, "Does a dog bark?", "Yes.", ""),
    ({"action": "pour"}, "What is done with the liquid?", "It is poured.", ""),
    ({"lyrics": "my dog has fleas"}, "What does a dog have?", "Fleas.", ""),
    ({"topic": "football"}, "Which sport do they talk about?", "Football.", ""),
    ({"instrument": "flauta"}, "¿Qué instrumento lleva la melodía?", "La flauta.", ""),
    ({"vehicle": "Bus"}, "Welches Fahrzeug fährt vorbei?", "Ein Bus.", ""),
    ({"vehicle": "bus"}, "Какой транспорт проезжает мимо?", "Автобус.", ""),
    ({"instrument": "piano"}, "哪种乐器在演奏?", "钢琴。", ""),
    ({"animal": "cat"}, "どの動物が鳴いていますか?", "猫です。", ""),
    ({"text": "call me Anna"}, "Comment s'appelle la cliente ?", "Anna.", ""),
    ({"codec": "GSM", "gender": "female"}, "Is the voice that of a man or a woman?", "A woman.", ""),
]


@pytest.mark.parametrize(("facts", "question", "answer", "description"), ABOUT_THE_CLIP)
def test_a_question_about_the_clip_is_not_blind(
    facts: Facts, question: str, answer: str, description: str
) -> None:
    assert against("blind", facts, question, answer, description) == ""


YES_NO = """
Is the machine running normally?
Would you say that the voice sounds natural?
Do you think the speaker is tired?
Any music in there?
Happy or sad: how does the speaker sound?
Male or female, which is the voice?
Does the tone stay straight, or does it waver?
Could that be thunder?
State whether a dog barks.
Is what you hear lower than the speaker's own pitch?
What is heard? Rain or wind?
Ce que l'on entend est-il plus grave que la voix d'origine ?
Вторая запись звучит дальше, чем первая?
Would you call this music cheerful?
Wäre das eine Geige?
Glauben Sie, dass die Person lügt?
Mann oder Frau: Wer spricht hier?
¿Crees que la persona está enfadada?
¿Suena como un violín?
Hombre o mujer, ¿quién habla?
Pensez-vous que la voix est synthétique ?
Y a-t-il du bruit quand il parle ?
Suona come un violino?
Há música quando ele fala?
Soa como um piano?
Слышно что-нибудь на фоне?
Это звучит как скрипка?
Мужчина или женщина — кто говорит?
Как вы думаете, это настоящий голос?
说话人是男是女?
录音里有什么背景声吗?
有没有谁在笑?
这首曲子快不快?
男性ですか、女性ですか?
何か聞こえますか?
男性と女性のどちらですか?
音楽は速いですか、それとも遅いですか?
雨が降っているかどうか教えてください。
"""
OPEN = """
Would you say how old the speaker is?
What would you say the speaker feels?
What does the speaker do when tired or bored?
Which bird do we hear?
What accent can you make out?
What or who is heard?
Which instruments play, apart from the piano or guitar?
Which object falls? Is it heavy?
If the bus is late or full, what should riders do?
How fast or slow is it?
Could you put the speech into writing?
Please note what you hear. Don't translate.
Dis-moi, s'il te plaît, lequel est le plus long.
With or without headphones, what is heard?
Was glaubst du, wie alt die Person ist?
Was tut die Person, wenn sie müde oder traurig ist?
¿Adónde quiere ir la persona?
¿De dónde viene o adónde va?
D'où vient le bruit ?
Que fait-on s'il pleut ou s'il neige ?
Com'è la voce?
Como soa a voz?
Где находится говорящий?
Как звучит голос?
Что слышно, когда дождь или ветер стихает?
你能听出是哪种乐器吗?
下雨或者下雪时他做什么?
誰が話していますか?
どの楽器か分かりますか?
話者はどう感じていますか?
"""


@pytest.mark.parametrize("question", YES_NO.strip().splitlines())
def test_yes_no_in_meaning(question: str) -> None:
    assert is_binary(question)


@pytest.mark.parametrize("question", OPEN.strip().splitlines())
def test_open_in_meaning(question: str) -> None:
    assert not is_binary(question)
