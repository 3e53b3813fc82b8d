"""Words that tell languages apart: the commonest function words of each, and those that answers about sound use most.

A word may stand in several lists; what counts is which list a text has the most words of, and a word of one list alone
counts double. Only words that are told apart as written, with their accents, so nothing is folded here.
"""

from __future__ import annotations

from .lexicon import word_set

LATIN: dict[str, frozenset[str]] = {
    "en": word_set(
        "the a an is are was were be been being has have had does do did can could will would should may "
        "might must of to in on at by for from with without about into over under and or but if whether "
        "than then as so that this these those it its he she they we you i me him her his their my your who "
        "whom whose what which when where why how not no yes there here some any more most many much very "
        "only just also too both each every all one two three four like seems sounds heard hear while "
        "because during between up out off down around after before man woman male female voice speaker "
        "speaking speaks says said sound noise music song happy sad angry calm dog car rain bird about "
        "roughly approximately years old seconds minutes room street slow fast high low loud quiet young "
        "child"
        " door met hoe stem boom war die person fort rue content tranquil sent sense pot plus pour sons"
        " sin till bare care minute let pro jest hang mint pet due dove come cane lent alto basso piano"
        " sans dona canto pare arg bowl ten glad kind rang bald gift hall wind arm hand winter warm blind"
        " bitter solo trio once red pan pie tour table son main chat prune pain sale mare more dice sad"
        " none sole fame data fine code base rose note genre cat bar dame prince six"
    ),
    "de": word_set(
        "der die das den dem des ein eine einen einem einer eines ist sind war waren wird werden wurde hat "
        "haben hatte kann können und oder aber nicht kein keine nein ja es er sie ich du wir ihr man sich "
        "in im an am auf aus bei mit nach von vom zu zum zur für über unter um als wie was wer wo wann "
        "warum welche welcher welches welchen welchem dass ob da dieser diese dieses diesem sehr nur auch "
        "noch etwa ungefähr durch ohne gibt klingt wirkt mehr spricht sagt mann frau stimme person sprecher "
        "sprecherin geräusch lärm musik aufnahme hört hören zwei drei vier fünf sekunden minuten jahre "
        "jahren traurig fröhlich wütend ruhig hund regen vogel zimmer raum laut leise langsam schnell "
        "deutsch männlich weiblich kind junge mädchen zwischen während weil seine ihre"
    ),
    "nl": word_set(
        "de het een en of niet is zijn was waren wordt worden werd heeft hebben had van in op met voor aan "
        "bij uit naar om over onder tot door wat wie hoe welke welk waar wanneer waarom dit dat deze die er "
        "ook nog geen maar als dan zeer veel meer hij zij ze ik je wij we men zich stem man vrouw spreker "
        "spreekt zegt klinkt hoort geluid muziek opname ongeveer seconden minuten jaar oud twee drie vier "
        "vijf hond regen vogel kamer kind jongen meisje boos blij verdrietig rustig luid zacht tussen "
        "tijdens omdat"
    ),
    "sv": word_set(
        "och i att det som en ett på är av för med den till inte om de har från var han hon man vi jag du "
        "kan ska när så eller men vid hur vad vem vilken vilket vilka där här detta denna dessa mycket mer "
        "också bara finns hörs låter talar säger röst rösten kvinna röstens talaren talare ljud ljudet "
        "musik inspelningen ungefär sekunder minuter år gammal två tre fyra fem hund regn fågel rum barn "
        "pojke flicka glad ledsen arg lugn mellan under någon något"
    ),
    "da": word_set(
        "og i at det som en et på er af for med den til ikke om de har fra var han hun man vi jeg du kan "
        "skal når så eller men ved hvordan hvad hvem hvilken hvilket hvilke hvor her dette denne disse "
        "meget mere også kun findes høres lyder taler siger stemme stemmen kvinde mand taleren lyd lyden "
        "musik optagelsen omkring sekunder minutter år gammel to tre fire fem hund regn fugl rum barn dreng "
        "pige glad ked vred rolig mellem under nogen noget bliver"
    ),
    "no": word_set(
        "og i at det som en et på er av for med den til ikke om de har fra var han hun man vi jeg du kan "
        "skal når så eller men ved hvordan hva hvem hvilken hvilket hvilke hvor her dette denne disse mye "
        "mer også bare finnes høres lyder snakker taler sier stemme stemmen kvinne mann taleren lyd lyden "
        "musikk opptaket omtrent sekunder minutter år gammel to tre fire fem hund regn fugl rom barn gutt "
        "jente glad trist sint rolig mellom under noen noe blir"
    ),
    "es": word_set(
        "el la los las un una unos unas es son era está están fue ser estar hay ha han tiene tienen puede "
        "de del a al en con sin por para sobre entre y e o u pero no sí si que qué quién cuál cuáles cómo "
        "dónde cuándo cuánto cuántos cuántas se le lo les su sus este esta esto estos estas ese esa eso muy "
        "más menos también solo sólo aproximadamente unos parece suena suenan dice habla hablan oye oyen "
        "escucha aquí voz hombre mujer persona hablante sonido ruido música grabación segundos minutos años "
        "dos tres cuatro cinco perro lluvia pájaro habitación niño niña triste feliz enojado enfadado "
        "alegre sala locutor locutora cerca calma mayor menor tranquilo tranquila alto bajo rápido lento mientras "
        "porque donde cuando como según casi"
    ),
    "pt": word_set(
        "o a os as um uma uns umas é são era está estão foi ser estar há tem têm pode de do da dos das em "
        "no na nos nas num numa com sem por pelo pela para sobre entre e ou mas não sim que quem qual quais "
        "como onde quando quanto quantos quantas se lhe ao à aos às seu sua seus suas este esta isto isso "
        "esse essa muito mais menos também só cerca aproximadamente parece soa soam diz fala falam ouve "
        "ouvem aqui voz homem mulher pessoa falante locutor som sons ruído barulho música gravação segundos "
        "minutos anos dois duas três quatro cinco cão cachorro chuva pássaro sala menino menina triste "
        "feliz alegre zangado zangada calmo calma alto baixo rápido lento enquanto porque já até maior "
        "menor tranquilo"
    ),
    "gl": word_set(
        "o a os as un unha uns unhas é son era está están foi ser estar hai ha ten teñen pode de do da dos "
        "das en no na nos nas nun nunha con sen por polo pola para sobre entre e ou pero mais non si que "
        "quen cal cales como onde cando canto cantos cantas se lle ao á aos ás seu súa seus súas este esta "
        "isto iso ese esa moi máis menos tamén só preto parece soa soan di fala falan escóitase óese aquí "
        "voz home muller persoa falante son ruído música gravación segundos minutos anos dous dúas tres "
        "catro cinco can choiva calma maior menor locutor alegre paxaro sala neno nena triste ledo feliz "
        "calmo xente"
    ),
    "ca": word_set(
        "el la els les un una uns unes és són era està estan fou ser estar hi ha té tenen pot de del dels a "
        "al als en amb sense per sobre entre i o però no sí que qui quin quina quins quines com on quan "
        "quant quants quantes es li aquest aquesta això aquell molt més menys també només aproximadament "
        "sembla sona diu parla parlen sent senten aquí veu home dona persona parlant so soroll música "
        "gravació segons minuts anys dos tres quatre cinc gos pluja ocell sala nen nena trist trista "
        "content contenta enfadat tranquil tranquil·la mentre perquè seva seu"
    ),
    "fr": word_set(
        "le la les un une des du de d l est sont était a ont être avoir il elle on ils elles je tu nous "
        "vous y en et ou mais ne pas n non oui que qu qui quel quelle quels quelles quoi comment combien où "
        "quand pourquoi ce cet cette ces c s se sa son ses leur dans sur sous avec sans pour par au aux "
        "plus très environ peut entend entendre parle dit t à voix homme femme personne locuteur locutrice "
        "bruit musique enregistrement secondes minutes ans deux trois quatre cinq chien pluie oiseau pièce "
        "rue enfant garçon fille triste heureux heureuse joyeux calme colère encore toujours aussi alors "
        "bien fort faible rapide lent "
        "pendant parce comme entre presque même semble"
    ),
    "it": word_set(
        "il lo la i gli le un uno una è sono era ha hanno essere avere di del dello della dei degli delle "
        "da dal dalla in nel nello nella nei con su sul sulla per tra fra e o ma non sì che chi cosa quale "
        "quali come dove quando perché quanto quanti quante si questo questa questi queste quello molto più "
        "meno anche solo circa c l alla al allo ai sente sentono parla parlano dice sembra suona voce uomo "
        "donna persona parlante suono rumore musica registrazione secondi minuti anni due tre quattro "
        "cinque cane pioggia uccello stanza bambino bambina ragazzo ragazza triste felice allegro allegra "
        "arrabbiato arrabbiata calmo calma alto basso veloce lento mentre quasi"
    ),
    "ro": word_set(
        "și în la de cu pe un o este sunt era are au fi nu da că ce cine care cum unde când cât câți câte "
        "se lui lor sau dar din pentru prin fără între mai foarte doar aici acest această aceasta acesta "
        "pare sună spune vorbește aude aud voce vocea bărbat femeie persoană vorbitor vorbitorul sunet "
        "zgomot muzică înregistrare secunde minute ani doi două trei patru cinci câine ploaie pasăre cameră "
        "copil trist fericit furios calm aproximativ"
    ),
    "pl": word_set(
        "i w z na do nie się to jest są był była było że o co jak kto który która które jaki jaka jakie "
        "gdzie kiedy ile dlaczego czy ten ta te tym tego tej od po przez przy bez dla lub albo ale oraz też "
        "tylko bardzo więcej około on ona oni go jej jego tu tutaj słychać brzmi mówi mówca głos kobieta "
        "mężczyzna osoba dźwięk hałas muzyka nagranie nagraniu sekund minut lat dwa dwie trzy cztery pięć "
        "pies deszcz ptak pokój dziecko smutny smutna wesoły zły"
    ),
    "cs": word_set(
        "a v ve z ze na do ne se to je jsou byl byla bylo že o co jak kdo který která které jaký jaká jaké "
        "kde kdy kolik proč zda ten ta te tom toho od po při bez pro nebo ale také jen velmi více asi on "
        "ona oni ho její jeho zde tady slyšet zní mluví říká mluvčí hlas žena muž osoba zvuk hluk hudba "
        "nahrávka nahrávce sekund minut let dva dvě tři čtyři pět pes déšť pták pokoj dítě smutný smutná "
        "veselý přibližně"
    ),
    "sk": word_set(
        "a v vo z zo na do nie sa to je sú bol bola bolo že o čo ako kto ktorý ktorá ktoré aký aká aké kde "
        "kedy koľko prečo či ten tá tom toho od po pri bez pre alebo ale tiež len veľmi viac asi on ona oni "
        "ho jej jeho tu počuť znie hovorí hovoriaci hlas žena muž osoba zvuk hluk hudba nahrávka sekúnd "
        "minút rokov dva dve tri štyri päť pes dážď"
    ),
    "hr": word_set(
        "i u na je su se da ne od za s sa iz po do o što šta kako tko ko koji koja koje gdje gde kada "
        "koliko zašto li ovaj ova ovo taj to te bez ili ali samo vrlo više oko on ona oni njegov njen ovdje "
        "čuje zvuči govori kaže govornik glas žena muškarac osoba zvuk buka glazba muzika snimka sekundi "
        "minuta godina dva dvije tri četiri pet pas kiša"
    ),
    "fi": word_set(
        "ja on ei se että oli ovat mitä mikä kuka miten missä milloin kuinka miksi joka jotka tämä tässä "
        "tuo hän he minä sinä me te olla myös vain hyvin noin mutta tai kun kuin kanssa ilman puhuu puhuja "
        "sanoo kuuluu kuulostaa ääni ääntä mies nainen henkilö melu musiikki äänite sekuntia minuuttia "
        "vuotta kaksi kolme neljä viisi koira sade lintu"
    ),
    "hu": word_set(
        "a az egy és van nem is hogy ez azt ki mi milyen hol mikor mennyi hány miért melyik vagy de csak "
        "nagyon több körülbelül ő ők én te mint volt vannak itt hallható hallatszik szól beszél mondja "
        "beszélő hang hangja nő férfi személy zaj zene felvétel felvételen másodperc perc év éves két három "
        "négy öt kutya eső madár szoba gyerek"
    ),
    "tr": word_set(
        "ve bir bu ne mi mı mu mü da de için ile çok daha var yok değil gibi kadar olan olarak kim nasıl "
        "nerede kaç hangi neden ama veya sadece yaklaşık o onun şu ben sen biz konuşuyor konuşmacı söylüyor "
        "duyuluyor geliyor ses sesi kadın erkek kişi gürültü müzik kayıt kayıtta saniye dakika yaşında iki "
        "üç dört beş köpek yağmur kuş oda çocuk"
    ),
    "id": word_set(
        "yang dan di ke dari ini itu adalah dengan untuk pada tidak ada apa siapa bagaimana berapa di mana "
        "kapan mengapa atau tetapi juga hanya sangat lebih sekitar dia mereka saya kami akan sedang telah "
        "terdengar berbicara pembicara mengatakan suara pria wanita laki perempuan orang bunyi musik "
        "rekaman detik menit tahun dua tiga empat lima anjing hujan burung ruangan anak sedih senang marah "
        "tenang"
    ),
    "vi": word_set(
        "là của và có không trong một những các được cho với này đó người ai gì nào bao nhiêu đâu khi như "
        "thế hay hoặc nhưng cũng chỉ rất hơn khoảng giọng nói tiếng âm thanh nhạc bản ghi đàn ông phụ nữ "
        "nam nữ giây phút tuổi hai ba bốn năm"
    ),
}  # fmt: skip

CYRILLIC: dict[str, frozenset[str]] = {
    "ru": word_set(
        "и в во на с со к по из у о об от до за для при не ни да нет а но или ли что кто как какой какая "
        "какое какие какую каком где когда почему сколько это этот эта эти этом этой он она они его её ее "
        "их мы вы я есть был была было быть же только очень там здесь примерно около тут можно то потому "
        "голос мужчина женщина человек говорящий говорит звучит слышно слышен слышна слышны звук звуки шум "
        "музыка запись записи секунд минут лет два две три четыре пять собака дождь птица комната ребёнок "
        "ребенок грусть радость гнев спокойно"
    ),
    "uk": word_set(
        "і й та в у на з зі до по із від за для при не ні так але або чи що хто як який яка яке які де коли "
        "чому скільки це цей ця ці цьому він вона вони його її їх ми ви я є був була було бути же лише "
        "тільки дуже там тут приблизно близько можна голос чоловік жінка людина мовець мовиця говорить "
        "звучить чути лунає звук звуки шум музика запис записі секунд хвилин років два дві три чотири "
        "собака дощ птах кімната дитина сум радість гнів мова мовою розмовляє"
    ),
    "be": word_set(
        "і ў у на з са да па ад за для пры не ні так але або ці што хто як які якая якое дзе калі чаму "
        "колькі гэта гэты гэтая ён яна яны яго яе іх мы вы я ёсць быў была было толькі вельмі там тут "
        "прыкладна голас мужчына жанчына чалавек гаворыць гучыць чуваць гук шум музыка запіс секунд хвілін "
        "гадоў два дзве тры чатыры сабака"
    ),
    "bg": word_set(
        "и в във на с със от до за при по не да но или ли че какво кой коя кое кои как къде кога защо колко "
        "това този тази тези той тя те го я им ние вие аз е са беше бъде само много там тук около "
        "приблизително може се си един една гласът глас мъж жена човек говорещият говорещ говори звучи чува "
        "чуват звук шум музика запис записа секунди минути години два две три четири пет куче дъжд птица "
        "стая дете тъга радост гняв спокоен тъжен"
    ),
    "sr": word_set(
        "и у на је су се да не од за с са из по до о шта што како ко који која које где када колико зашто "
        "ли овај ова ово тај то те без или али само врло више око он она они његов њен овде чује звучи "
        "говори каже говорник глас жена мушкарац особа звук бука музика снимак снимку секунди минута година "
        "два две три четири пет пас киша птица"
    ),
    "kk": word_set(
        "және бұл мен бір не кім қандай қалай қайда қашан қанша ма ме ба бе па пе емес бар жоқ үшін деп ол "
        "олар осы сол туралы ғана өте дауыс дауысы ер әйел адам сөйлеуші сөйлейді айтады естіледі дыбыс шу "
        "музыка жазба секунд минут жас екі үш төрт бес ит жаңбыр құс бөлме бала"
    ),
}  # fmt: skip

MARKS: dict[str, str] = {
    "de": "ß", "es": "ñ¿¡", "fr": "œêûî", "pt": "ãõ", "ca": "ŀ", "sv": "å", "da": "æø", "no": "æø", "pl": "ąęłśźż",
    "cs": "ěřů", "sk": "ľĺŕ", "ro": "șță", "hu": "őű", "tr": "ğı", "vi": "ơưđạảấầậắặẹẻếềệỉịọỏốồộớờợụủứừựỳ",
    "uk": "іїєґ", "be": "ў", "sr": "ђјљњћџ", "kk": "әғқңөұүһ", "ru": "ыэё",
}  # fmt: skip
"""Letters that only these languages write, of those told apart here."""

CLOSE: tuple[frozenset[str], ...] = (
    frozenset(["es", "pt", "gl", "ca"]), frozenset(["es", "it", "pt", "ca"]), frozenset(["fr", "ca", "it"]),
    frozenset(["sv", "da", "no"]), frozenset(["de", "nl"]), frozenset(["cs", "sk"]), frozenset(["cs", "pl", "sk"]),
    frozenset(["ru", "uk", "be"]), frozenset(["ru", "bg"]), frozenset(["bg", "sr"]),
)  # fmt: skip
"""Languages near enough that a short sentence of one may pass for another."""
