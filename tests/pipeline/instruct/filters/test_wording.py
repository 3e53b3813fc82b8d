"""The filters that judge how a pair is worded, in many wordings and languages, and what only looks as if it failed."""

from typing import Any

import pytest

from cryfish.pipeline.instruct.filters import FILTERS, Candidate
from cryfish.pipeline.instruct.filters.language import language_of

OURS = ("unparseable", "truncated", "refusal", "wrong_language", "trivial", "mentions_metadata", "no_answer")
SAYS = {"greeting": "Sorry, we are unable to answer your question at the moment"}
BIRD = {"species": "blackcap", "distance_m": 12}
MOOD = {"mood": "wistful", "tempo_bpm": 84}


def reasons(facts: dict[str, Any], question: str, answer: str, description: str = "") -> set[str]:
    candidate = Candidate(question, answer, facts, description)
    return {verdict.reason for name in OURS if not (verdict := FILTERS[name](candidate)).keep}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which bird sings?", "I have no means of hearing the clip, so I can't say."),
        ("Which bird sings?", "Unfortunately, I don't have the ability to listen to recordings."),
        ("Which bird sings?", "It is impossible to determine the species without listening to it."),
        ("Which bird sings?", "No audio was provided, so this can't be answered."),
        ("Which bird sings?", "Please upload the recording and I will gladly help."),
        ("Which bird sings?", "There is not enough information to identify the bird."),
        ("Which bird sings?", "I'd rather not guess."),
        ("Which bird sings?", "My apologies, but identifying animals is beyond me."),
        ("Which bird sings?", "Being a language model, I work with text only."),
        ("Is it a blackcap or a wren?", "I would need to hear the audio to decide."),
        ("Welcher Vogel singt?", "Leider kann ich keine Audiodateien anhören."),
        ("Welcher Vogel singt?", "Als Sprachmodell habe ich keinen Zugriff auf die Aufnahme."),
        ("Welcher Vogel singt?", "Das lässt sich ohne die Aufnahme nicht sagen."),
        ("Welcher Vogel singt?", "Es tut mir leid, aber das weiß ich nicht."),
        ("¿Qué pájaro canta?", "Lamentablemente, no tengo la capacidad de escuchar archivos."),
        ("¿Qué pájaro canta?", "No es posible determinarlo sin oír el audio."),
        ("Quel oiseau chante ?", "Désolé, mais je ne suis pas capable d'entendre cet extrait."),
        ("Quel oiseau chante ?", "Il m'est impossible de répondre sans avoir accès à l'audio."),
        ("Que pássaro canta?", "Infelizmente, não consigo ouvir áudios."),
        ("Quale uccello canta?", "Purtroppo non posso ascoltare la registrazione."),
        ("Какая птица поёт?", "К сожалению, у меня нет возможности прослушать запись."),
        ("Какая птица поёт?", "Невозможно определить вид без прослушивания."),
        ("这是什么鸟?", "很遗憾,我没有办法播放音频。"),
        ("这是什么鸟?", "由于无法收听录音,我不能确定。"),
        ("何の鳥ですか?", "申し訳ありませんが、音声を聞くことができません。"),
        ("何の鳥ですか?", "音声がないため判断できません。"),
    ],
)
def test_excuses_are_refusals(question: str, answer: str) -> None:
    assert "refusal" in reasons(BIRD, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        (SAYS, "How does the greeting go?", "Sorry, we are unable to answer your question at the moment."),
        (
            SAYS,
            "What are callers told?",
            'They hear: "Sorry, we are unable to answer your question at the moment."',
        ),
        (SAYS, "What are callers told?", "That nobody is able to answer their question right now."),
        ({"lyrics": "I can't tell you why"}, "Which line is sung?", "I can't tell you why"),
        ({"utterance": "no puedo escuchar nada"}, "¿Qué dice?", "No puedo escuchar nada."),
        (
            {"sentence": "ich kann dich leider nicht hören"},
            "Was sagt er?",
            "Ich kann dich leider nicht hören.",
        ),
        (
            {"sentence": "ich kann dich leider nicht hören"},
            "Was beklagt die Stimme?",
            "Dass man das Gegenüber nicht hört.",
        ),
        ({"transcript": "я не могу сейчас говорить"}, "Что говорят?", "«Я не могу сейчас говорить»."),
        ({"transcript": "抱歉我今天不能来"}, "他说了什么?", "抱歉我今天不能来。"),
        (
            {"utterance": "I do not have the keys"},
            "What does she say she lacks?",
            "She says she does not have the keys.",
        ),
        ({"language": "unknown"}, "Which language is it?", "It cannot be determined."),
        (
            {"words": "unintelligible"},
            "What is said?",
            "It is impossible to tell, the words are unintelligible.",
        ),
        ({"animal": "cat"}, "Can you hear a dog?", "No, I can't hear any dog; it is a cat."),
        ({"emotion": "regret"}, "How does the speaker feel?", "They sound sorry and full of regret."),
        ({"emotion": "helpless"}, "How does the voice come across?", "Helpless, as if unable to go on."),
        ({"speech_act": "refusal"}, "What does the speaker do?", "They turn down the request."),
        ({"effect": "flanger"}, "Which effect is it?", "A flanger, without any distortion."),
    ],
)
def test_the_clip_may_excuse_itself(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "refusal" not in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        (MOOD, "Which value does the mood field hold?", "Wistful."),
        (MOOD, "What is entered in the column for mood?", "Wistful."),
        (MOOD, "Which row of the spreadsheet is this?", "The second."),
        (MOOD, "What mood has the track been assigned?", "Wistful."),
        (MOOD, "Under which heading is it catalogued?", "Wistful."),
        (MOOD, "Is it tagged as wistful?", "Yes."),
        (MOOD, "What is the mood?", "It is listed as wistful."),
        (MOOD, "What is the mood?", "According to the description, wistful."),
        (MOOD, "What is the mood?", "The annotators chose wistful."),
        (MOOD, "What is the mood?", "Wistful, based on the given details."),
        (MOOD, "What is the track ID?", "Seven."),
        ({"clip_id": "B-0412", "mood": "wistful"}, "Which clip is it?", "B-0412."),
        ({"session": "S07", "mood": "calm"}, "Which session was it?", "S07."),
        (MOOD, "Which catalog number does the piece carry?", "84."),
        (MOOD, "Welcher Wert steht in der Spalte für die Stimmung?", "Wehmütig."),
        (MOOD, "Welche Klasse wurde der Aufnahme zugewiesen?", "Wehmütig."),
        (MOOD, "Wie lautet der Eintrag für die Stimmung?", "Wehmütig."),
        (MOOD, "Wie ist die Stimmung laut der vorliegenden Daten?", "Wehmütig."),
        (MOOD, "¿Qué valor figura en el campo del ánimo?", "Melancólico."),
        (MOOD, "¿Qué categoría tiene asignada la grabación?", "Melancólica."),
        (MOOD, "Según los metadatos, ¿qué ánimo tiene?", "Melancólico."),
        (MOOD, "Quelle valeur contient le champ de l'humeur ?", "Mélancolique."),
        (MOOD, "Quelle catégorie a été attribuée à l'extrait ?", "Mélancolique."),
        (MOOD, "Qual è il codice della registrazione?", "84."),
        (MOOD, "Qual é o valor do campo de humor?", "Melancólico."),
        (MOOD, "Какое значение указано в поле настроения?", "Грустное."),
        (MOOD, "Какой класс присвоен этой записи?", "Грустная."),
        (MOOD, "情绪字段的值是什么?", "忧伤。"),
        (MOOD, "这段音频被归类为什么?", "忧伤。"),
        (MOOD, "ムードの項目には何と書かれていますか?", "物悲しいです。"),
        (MOOD, "この録音のファイル名は何ですか?", "物悲しいです。"),
    ],
)
def test_what_only_a_table_tells_is_metadata(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "mentions_metadata" in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"sentence": "the label on the jar is torn"}, "What is wrong with the jar?", "Its label is torn."),
        ({"lyrics": "strawberry fields forever"}, "Which fields are sung about?", "Strawberry fields."),
        ({"scene": "field", "birds": ["skylark"]}, "Where was it recorded?", "In an open field."),
        ({"type": "field recording"}, "What kind of recording is it?", "A field recording."),
        (
            {"utterance": "please file this under taxes"},
            "What is to be done?",
            "It is to be filed under taxes.",
        ),
        ({"transcript": "your case number is 4471"}, "Which case number is given?", "4471."),
        ({"transcript": "the data in row five is wrong"}, "What is wrong?", "The data in row five."),
        ({"text": "die Datei ist gelöscht"}, "Was ist gelöscht?", "Die Datei."),
        ({"text": "el archivo está vacío"}, "¿Qué está vacío?", "El archivo."),
        ({"text": "нужно открыть файл"}, "Что нужно открыть?", "Файл."),
        ({"text": "请打开文件"}, "要打开什么?", "文件。"),
        ({"caption": "three shots fired in a row"}, "How do the shots come?", "Three in a row."),
        ({"room": "studio"}, "In which room was it recorded?", "It was recorded in a studio."),
        ({"event": "entry of the strings"}, "What happens at the end?", "The strings make their entry."),
        (
            {"environment": "under a bridge"},
            "Where does the talker stand?",
            "The voice was recorded under a bridge.",
        ),
        ({"num_speakers": 3}, "What is the number of speakers in this recording?", "Three."),
        ({"device": "phone"}, "What was it recorded with?", "A phone."),
        ({"text": "good morning all"}, "Could you give a transcript of the recording?", "Good morning all."),
        ({"key": "A minor"}, "What key is the piece in?", "A minor."),
        ({"voice": "bass"}, "How would you classify this voice?", "As a bass."),
    ],
)
def test_what_is_heard_is_no_metadata(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "mentions_metadata" not in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        (MOOD, "¿Qué ánimo transmite la pieza?", "A música soa melancólica."),
        ({"animal": "cow", "call": "moo"}, "Que animal se escuta aqui?", "A cow is mooing."),
        ({"instrument": "harp"}, "Which instrument is it?", "Un arpa."),
        ({"instrument": "harp"}, "Which instrument is it?", "Eine Harfe."),
        (MOOD, "Que humor a música transmite ao ouvinte?", "La música suena melancólica."),
        (MOOD, "Vilken stämning har låten?", "Den lyder rolig og trist."),
        (MOOD, "Какое настроение у пьесы?", "Музика звучить сумно, це чути."),
        (MOOD, "Какво е настроението?", "Мелодия звучит грустно."),
        (MOOD, "What mood is it?", "Wehmütig ist die Stimmung."),
        (MOOD, "What mood is it?", "C'est un morceau mélancolique."),
        (MOOD, "What mood is it?", "忧伤。"),
        (MOOD, "Wie ist die Stimmung?", "The mood is wistful."),
        (MOOD, "Wie ist die Stimmung?", "De muziek klinkt een beetje droevig."),
        (MOOD, "Quelle est l'ambiance ?", "It sounds wistful."),
        (MOOD, "この曲の雰囲気は?", "这首曲子听起来很忧伤。"),
        (MOOD, "这首曲子的情绪如何?", "もの悲しい感じがします。"),
        ({"text": "il pleut encore"}, "Translate the sentence.", "Il pleut encore."),
        ({"text": "il pleut encore"}, "How would you say this in German?", "Il pleut encore."),
        ({"text": "the train is late"}, "Traduce la frase al español.", "The train is late."),
        ({"text": "поезд опаздывает"}, "Put what is said into English.", "Поезд опаздывает."),
        ({"utterance": "der Zug fällt aus"}, "Give the gist in Spanish.", "Der Zug fällt aus."),
    ],
)
def test_another_language_is_found(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "wrong_language" in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"text": "il pleut encore"}, "What exactly is said?", "Il pleut encore."),
        ({"lyrics": "volare oh oh"}, "Which words open the chorus?", "Volare, oh oh."),
        (
            {"greeting": "buenas tardes a todos"},
            "How does the host greet the guests?",
            'With "buenas tardes a todos".',
        ),
        ({"utterance": "жақсы, рахмет"}, "Передайте слова говорящего дословно.", "Жақсы, рахмет."),
        ({"text": "il pleut encore"}, "Translate the sentence into English.", "It is still raining."),
        ({"text": "hello"}, "Как это будет по-немецки?", "Hallo, das ist ein Gruß."),
        ({"text": "der Zug"}, "Repeat what is said in German.", "Der Zug."),
        (
            {"text": "der Zug kommt"},
            "Tell me what is said in German.",
            "The speaker says that the train is coming.",
        ),
        ({"accent": "Galician"}, "Que acento tem a pessoa?", "Um acento galego."),
        ({"accent": "Andaluz"}, "¿Qué acento tiene?", "Un acento andaluz."),
        ({"tempo": "adagio ma non troppo"}, "What is the tempo marking?", "Adagio ma non troppo."),
        ({"genre": "son jarocho"}, "Which genre is it?", "Son jarocho."),
        ({"title": "La vie en rose"}, "Which song is it?", "La vie en rose."),
        ({"city": "São Paulo"}, "Where was it recorded?", "In São Paulo."),
        ({"style": "bossa nova"}, "Qual é o estilo?", "Bossa nova."),
        ({"dish": "crème brûlée"}, "Which dessert is ordered?", "A crème brûlée."),
        ({"gender": "female"}, "Que voz se ouve?", "A voz de uma mulher."),
        ({"gender": "female"}, "¿De quién es la voz?", "De una mujer."),
        ({"gender": "male"}, "Hvem taler?", "En mand."),
        ({"gender": "male"}, "Hvem snakker?", "En mann taler."),
        ({"language": "Ukrainian"}, "Якою мовою розмовляють?", "Українською."),
        ({"emotion": "anger"}, "Как звучит голос?", "Зло."),
        ({"emotion": "anger"}, "声はどう聞こえますか?", "怒っています。"),
        ({"gender": "male"}, "話者の性別は?", "男性。"),
        ({"system": "VITS"}, "这个声音是哪个系统合成的?", "VITS。"),
    ],
)
def test_words_asked_for_names_and_close_languages_are_left(
    facts: dict[str, Any], question: str, answer: str
) -> None:
    assert "wrong_language" not in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Que tipo de som se ouve ao fundo?", "pt"), ("¿Qué tipo de sonido se oye al fondo?", "es"),
        ("Que tipo de sonido se oye aquí?", "es"), ("Che tipo di suono si sente?", "it"),
        ("Quin instrument sona?", "ca"), ("Vem är det som talar?", "sv"), ("Hvad er det for en fugl?", "da"),
        ("Hva slags fugl er dette?", "no"), ("Welk geluid is er te horen?", "nl"), ("Kto mówi na nagraniu?", "pl"),
        ("Ce sunet se aude?", "ro"), ("Hangi ses duyuluyor?", "tr"), ("Mitä ääntä kuuluu?", "fi"),
        ("Який звук чути?", "uk"), ("Какво се чува в записа?", "bg"), ("Что слышно на записи?", "ru"),
        ("Қандай дыбыс естіледі?", "kk"), ("What can be heard?", "en"), ("Was hört man hier?", "de"),
        ("Quel bruit entend-on ?", "fr"), ("何が聞こえますか?", "ja"), ("能听到什么?", "zh"),
        ("무슨 소리가 들리나요?", "ko"),
    ],
)  # fmt: skip
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which [instrument] plays?", "A harp."),
        ("Which instrument plays?", "{instrument}"),
        ("Which instrument plays?", "The <instrument_name> plays."),
        ("Which instrument plays?", "[Insert answer here]"),
        ("Which instrument plays?", "A ______."),
        ("What is the {attribute} of the voice?", "Calm."),
        ("Here are two questions about the clip:", "1. Who plays? 2. What is played?"),
        ("Hier ist eine passende Frage: Welches Instrument spielt?", "Eine Harfe."),
        ("Aquí tienes una pregunta: ¿qué instrumento suena?", "Un arpa."),
        ("Voici une question : quel instrument joue ?", "Une harpe."),
        ("Which instrument plays?", "Sure! Here you go: a harp."),
        ("Which instrument plays?", "A harp.\n\nExplanation: the strings are plucked."),
        ("Which instrument plays?", "A harp. Let me know if you need another question!"),
        ("Which instrument plays?", "A harp.</answer>"),
        ("Which instrument plays?", "Response: A harp."),
        ("どの楽器ですか?", "回答:ハープです。"),
        ("质问", "```\n竖琴\n```"),
    ],
)
def test_blanks_preambles_and_markup_are_unparseable(question: str, answer: str) -> None:
    assert reasons({"instrument": "harp"}, question, answer) == {"unparseable"} or "unparseable" in reasons(
        {"instrument": "harp"}, question, answer
    )


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"transcript": "well [laughter] I guess so"}, "What is said?", "Well [laughter] I guess so."),
        ({"transcript": "where are you? come here"}, "What does she shout?", "Where are you? Come here."),
        ({"gender": "female"}, "Is it a woman?", "Certainly."),
        ({"gender": "female"}, "Ist das eine Frau?", "Natürlich!"),
        (
            {"instrument": "harp"},
            'Who asks "Who is it? Where?" here, and on what instrument?',
            "A harp player.",
        ),
        ({"chord": "A minor"}, "Which chord is it?", "A minor."),
        ({"events": ["dog", "cat"]}, "Which animals are heard?", "1. a dog\n2. a cat"),
        ({"snr_db": 10}, "How do voice and noise compare?", "Voice > noise by 10 dB."),
    ],
)
def test_speech_lists_and_short_assent_are_parseable(
    facts: dict[str, Any], question: str, answer: str
) -> None:
    assert "unparseable" not in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"rooms": "cellar"}, "Where is it?", "It was most likely recorded in a ce"),
        ({"distance_m": 7}, "How far off is it?", "It is about seven me"),
        ({"distance_m": 7}, "Wie weit ist es?", "Etwa sieben Me"),
        ({"duration_s": 7}, "Сколько длится звук?", "Примерно семь секу"),
        ({"emotion": "joy"}, "How does it sound?", "The voice is joyful (and"),
        ({"emotion": "joy"}, "How does it sound?", "The voice sounds joyful, with the"),
        ({"emotion": "joy"}, "Comment sonne la voix ?", "La voix semble joyeuse et"),
        ({"emotion": "joy"}, "声音听起来怎样?", "说话人听起来很高兴,因为"),
        ({"emotion": "joy"}, "声はどう聞こえますか?", "話者の声は"),
        (
            {"caption": "a man saws wood while a radio plays soft jazz in the back"},
            "What goes on?",
            "A man saws wood while a radio plays soft",
        ),
    ],
)
def test_what_breaks_off_is_truncated(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "truncated" in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"utterance": "I was going to the"}, "What is said?", "I was going to the"),
        ({"utterance": "I was going to the"}, "What does the speaker say?", "That they were going to the"),
        ({"caption": "a train passes by"}, "What happens?", "A train passes by"),
        ({"caption": "someone turns the tap on"}, "What happens?", "Someone turns the tap on"),
        ({"caption": "jemand macht das Licht aus"}, "Was passiert?", "Jemand macht das Licht aus"),
        ({"note": "A"}, "Which note is played?", "The note played is A"),
        ({"distance_m": 2}, "How far is it?", "About 2 m"),
        ({"speed_kmh": 50}, "How fast is it?", "It drives at 50 km/h"),
        ({"emotion": "fear"}, "How does the voice sound?", "The voice sounds rather frightened"),
        ({"text": "le train part demain"}, "What is said?", "The speaker says the train leaves tomorrow"),
        ({"place": "Leeds"}, "Where is the speaker from?", "The accent is one from Leeds"),
        ({"text": "the ferry was cancelled because of a storm"}, "What was cancelled?", "The ferry"),
        ({"gender": "male"}, "谁在说话?", "一位男士在说话"),
        ({"gender": "male"}, "誰が話していますか", "男性が話しています"),
    ],
)
def test_what_ends_without_a_stop_is_whole(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "truncated" not in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"topic": "glaciers"}, "What topic does the lecturer treat?", "The topic that is being treated."),
        ({"style": "tango"}, "Which style of music is it?", "It is a certain style of music."),
        (
            {"emotion": "envy"},
            "Welches Gefühl drückt die Stimme aus?",
            "Die Stimme drückt ein bestimmtes Gefühl aus.",
        ),
        ({"animal": "goat"}, "Welches Tier ist zu hören?", "Man hört ein Tier."),
        ({"animal": "goat"}, "¿Qué animal se oye?", "Se oye algún tipo de animal."),
        ({"emotion": "envy"}, "Quelle émotion exprime la voix ?", "La voix exprime une certaine émotion."),
        ({"emotion": "envy"}, "Che emozione esprime la voce?", "La voce esprime un'emozione."),
        ({"emotion": "envy"}, "Какую эмоцию выражает голос?", "Голос выражает какую-то эмоцию."),
        ({"animal": "goat"}, "能听到什么动物?", "能听到某种动物的声音。"),
        ({"emotion": "envy"}, "どんな感情が表れていますか?", "ある感情が表れています。"),
        ({"tool": "saw"}, "What tool is being used?", "A tool is being used."),
        ({"accent": "Scottish"}, "With what accent does the person speak?", "With the accent they have got."),
    ],
)
def test_what_repeats_the_question_is_trivial(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "trivial" in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"noise": "music"}, "¿Qué suena de fondo?", "Música."),
        ({"sound": "speech"}, "What can be heard?", "Speech."),
        ({"animal": "goat"}, "Which animal is it?", "A goat."),
        ({"animal": "goat"}, "Welches Tier ist zu hören?", "Eine Ziege."),
        ({"emotion": "joy"}, "どんな感情ですか?", "うれしいです。"),
        ({"gender": "male"}, "谁在说话?", "一个男人。"),
        ({"count": 1}, "How many talkers are there?", "Just one."),
        ({"source": "machine"}, "Is a person or a machine talking?", "A machine."),
        ({"utterance": "something is here"}, "What is said?", "Something is here."),
        ({"instrument": "organ"}, "Which instrument plays the melody?", "An organ."),
        ({"speech_present": True}, "Does anyone speak?", "Yes, someone speaks."),
        ({"sounds": ["speech", "wind"]}, "Is anyone speaking?", "Yes."),
    ],
)
def test_what_tells_a_fact_is_not_trivial(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "trivial" not in reasons(facts, question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is anybody talking?", "Yes, somebody talks."),
        ("Spricht hier jemand?", "Ja."),
        ("有人在说话吗?", "有。"),
    ],
)
def test_that_somebody_speaks_holds_for_all_speech(question: str, answer: str) -> None:
    assert "trivial" in reasons({"gender": "male"}, question, answer, "Phone calls between friends.")
    assert "trivial" not in reasons({"sound_events": ["speech"]}, question, answer, "Street sounds.")


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"language": "Thai"}, "Can you tell which language is spoken?", "Yes, of course I can."),
        ({"language": "Thai"}, "Do you know what language this is?", "Certainly."),
        ({"language": "Thai"}, "Kannst du sagen, welche Sprache das ist?", "Ja, natürlich."),
        ({"language": "Thai"}, "¿Puedes decir qué idioma es?", "Sí, claro que puedo."),
        ({"language": "Thai"}, "Peux-tu dire quelle langue c'est ?", "Oui, bien sûr."),
        ({"language": "Thai"}, "Можете сказать, какой это язык?", "Да, конечно."),
        ({"language": "Thai"}, "能告诉我这是什么语言吗?", "当然可以。"),
        ({"tempo_bpm": 90, "style": "ska"}, "What is the tempo?", "It is a ska track."),
        (
            {"vehicle": "truck", "speed_kmh": 80},
            "How fast does the vehicle go, what is its speed?",
            "It is a truck.",
        ),
        ({"surface": "gravel", "pace": "jog"}, "What is the surface?", "The person is going at a jog."),
        (
            {"age": 40, "text": "we sold the boat"},
            "How old is the speaker?",
            "The speaker says that the boat was sold.",
        ),
        ({"phonation": "creaky", "gender": "female"}, "Is the voice creaky or breathy?", "It is a woman."),
    ],
)
def test_another_question_is_answered(facts: dict[str, Any], question: str, answer: str) -> None:
    assert reasons(facts, question, answer) & {"no_answer", "trivial"}


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"tempo_bpm": 60, "style": "ballad"}, "What is the tempo?", "Slow, as befits a ballad."),
        ({"tempo_bpm": 60, "style": "ballad"}, "What is the tempo like?", "60 bpm."),
        ({"vehicle": "truck", "speed_kmh": 80}, "Which vehicle goes by at this speed?", "A truck."),
        (
            {"age": 40, "text": "I turned forty"},
            "How old is the speaker?",
            "The speaker says she turned forty.",
        ),
        ({"text": "we sold the boat", "age": 40}, "What happened to the boat?", "It was sold."),
        ({"intensity": "strong", "emotion": "joy"}, "How strong is the emotion?", "It is strong."),
        ({"accent": "Mexican", "language": "Spanish"}, "¿De dónde es el acento?", "Es mexicano."),
        ({"surface": "gravel", "pace": "jog"}, "Is the person walking or jogging?", "Jogging, on gravel."),
        ({"gender": "male", "age": 70}, "Who is heard?", "A man."),
        (
            {"phonation": "creaky", "gender": "female"},
            "Is the voice creaky or breathy?",
            "The woman's voice is creaky.",
        ),
        ({"mood": "joy", "text": "we won the cup"}, "Why is the mood so good?", "They won the cup."),
        ({"distance_m": 1, "room": "hall"}, "How far away is the talker?", "Close by, in a hall."),
    ],
)
def test_what_answers_by_the_way_is_left(facts: dict[str, Any], question: str, answer: str) -> None:
    assert "no_answer" not in reasons(facts, question, answer)
