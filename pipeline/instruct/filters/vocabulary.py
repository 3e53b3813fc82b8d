"""What grounding knows beyond `lexicon`: more values, and what agrees with what."""

from __future__ import annotations

from collections.abc import Mapping

from . import lexicon
from .lexicon import word_set

_MORE_GENDER = """
male: monsieur caballero senhor rapazes mannerstimmen herren mecs ragazzi господин* юнош* 先生 小伙
female: dames damen senhora senhoras moca rapariga signorina госпож* дам дама дамы 小姐
"""
_MOOD = """
joy: festive* festlich* festiv* uplifting upbeat euphor* playful* verspielt* jugueton* humorous
  lighthearted fun
  праздничн* бодр* 欢乐 欢庆
sadness: dark darkly gloomy somber sombre dusterer duster dusteren mournful oscur* мрачн* nostalg* wehmut*
  melancolique* malincon* 忧愁 阴郁
calm: dreamy dream_like dreamlike vertraumt* ambient_mood meditative meditativ* sanft sonador* reveu*
  sognant*
  мечтательн* gentle laid_back chill soothing 宁静 安静 柔和
excitement: energetic energisch* energic* energique* lively lebhaft* triumphant epic heroic эпичн*
  энергичн* 激昂
anger: aggressive aggressiv* agresiv* agressi* brutal агрессивн* 激烈
fear: tense tension angespannt* tendu tendue tensa tenso ominous eerie creepy suspense* spooky bedrohlich*
  siniest*
  тревожн* напряжен* 恐怖
frustration: fed_up
romance: romantic* romantisch* romantiqu* tender zartlich* романтичн* 浪漫
mystery: mysterious mystical geheimnisvoll* misterios* mysterieu* таинственн* 神秘
"""
_MORE_LANGUAGE = """
Belarusian: belarus* weissruss* belaruss* bielorru* bieloruss* белорус* 白俄罗斯
Danish: danes danesa danois* danese dinamarqu*
Catalan: katalan* catala 加泰罗尼亚
Icelandic: iceland* islandisch* islandes* islandais* исландск* 冰岛
Slovenian: sloven* esloven* словенск* 斯洛文尼亚
Afrikaans: afrikaans африкаанс 南非荷兰
Mongolian: mongol* монгольск* 蒙古
Kazakh: kazakh* kasachisch* kazajo казахск* 哈萨克
Georgian: georgian* georgisch* georgiano грузинск* 格鲁吉亚
Armenian: armenian* armenisch* armenio армянск* 亚美尼亚
Nigerian: nigeria* нигери* 尼日利亚
Kenyan: kenya* kenian* кени* 肯尼亚
Ghanaian: ghana*
South_African: south_africa* sudafrik* sudafric* южноафрик* 南非
New_Zealand: new_zealand* kiwi neuseeland* neozeland* новозеланд* 新西兰
Pakistani: pakistan* пакистан* 巴基斯坦
Filipino: filipin* philippin* филиппин* 菲律宾
Singaporean: singapor* singapur* сингапур* 新加坡
Malaysian: malays* малайз* 马来
Jamaican: jamaic* jamaik* ямай*
Colombian: colomb* kolumb* колумб* 哥伦比亚
Chilean: chilen* chilien* чилий* 智利
Peruvian: peru peruan* peruvi* перуан* 秘鲁
Cuban: cuba cuban* kubanisch* cubain* кубин* 古巴
Venezuelan: venezuel* венесуэл*
Egyptian: egypt* agyptisch* egipci* egizian* египетск* 埃及
Moroccan: morocc* marokkan* marroqu* marocain* марокк* 摩洛哥
Bavarian: bavaria* bayrisch* bayerisch* bavar* bavarois* баварск* 巴伐利亚
Saxon: saxon sachsisch* саксонск*
Swabian: swabian* schwabisch* швабск*
Andalusian: andalus* andaluz* andalou* андалус*
Quebec: quebec* quebecois*
Belgian: belgian* belgium belgisch* belga* belge belges бельгийск* 比利时
Sichuan: sichuan* 四川
Taiwanese: taiwan* тайван* 台湾
Bengali: bengal* бенгал* 孟加拉
Tamil: tamil* тамил* 泰米尔
Urdu: urdu урду 乌尔都
Swahili: swahili* suaheli суахили 斯瓦希里
Estonian: eston* estnisch* эстонск*
Latvian: latvia* lettisch* leton* латышск*
Lithuanian: lithuan* litauisch* lituan* литовск*
Croatian: croat* kroat* хорватск*
Serbian: serbian* serbisch* serbio сербск*
Bulgarian: bulgar* болгарск* 保加利亚
Slovak: slovak* slowakisch* словацк*
Basque: basque* baskisch* euskera vasco баскск*
Galician: galici* gallego галисийск*
Welsh: welshman
"""
_MORE_SPOOF = """
true: deepfake* voice_clone cloned robotic text_to_speech tts generiert* generee* generato generata gerad*
  сгенерирован*
  机器 克隆
false: bonafide bona_fide natural_voice
"""
_MORE_SOUND = """
wolf: wolf wolves lobo lobos loup loups lupo lupi волк* 狼
lion: lion lions roar roars lowe leones leone лев льва 狮
goat: goat goats ziege* cabra* chevre* capra коз* 山羊
monkey: monkey* ape apes affe affen singe* scimmi* macaco* обезьян* 猴
elephant: elephant* elefant* elefante* слон* 大象
whale: whale* wal wale ballena* baleine* balena baleia кит киты 鲸
dolphin: dolphin* delfin* dauphin* golfinho* дельфин* 海豚
bear: bear bears baren oso osos orso urso медведь медведя
  медведю медведе медведи медведей медведем медведиц* медвежон* 熊
bee: bee bees biene* abeja* abeille* api abelha* пчел* 蜜蜂
mosquito: mosquito* mucken moustique* zanzar* комар* 蚊子
snake: snake* schlange* serpiente* serpent* cobra* зме* 蛇
donkey: donkey* esel burro* asno ane anes asino осел осла 驴
turkey_bird: gobbl* truthahn pavo dindon tacchino peru_bird индю*
dog: howl* hundebell*
bird: birdsongs vogelstimme* zwitschern vogelzwitschern pigeon* owl owls seagull* gull gulls robin raven
  krahe* taube*
  canto_de_ave* pajaros pajarit* птич* щебет* 鸟鸣
chicken: hen hens chicken* cluck* henne* huhn huhner gallina* poule* куриц* 母鸡
duck: duck ducks quack* ente enten pato patos canard* утк* 鸭
door: slam slams slammed slamming
stream: stream streams brook river creek fluss arroyo ruisseau riviere ручей рек* 小溪 河
motorbike: motorbike* motorcycle* motorrad* moto motos мотоцикл* 摩托
bus: bus buses autobus* omnibus автобус* 公交
bicycle: bicycle* bike bikes fahrrad* bicicleta* velo велосипед* 自行车
boat: boat boats ship ships ferry schiff* barco bateau* лодк* корабл* 轮船
truck: truck trucks lorry lkw camion* грузовик* 卡车
speech: speech talking speaks speaking conversation gesprach* conversacion* conversation* разговор* 说话声 谈话
scream: scream* shout* yell* schrei* schreit grit* cri крик* кричат 尖叫 喊叫
whistle: whistl* pfeif* silb* siffl* свист* 口哨
saw: saws sawing hand_saw sagen scie пила 锯
shower: shower showers dusche ducha douche душ 淋浴
fan: fan fans ventilator* ventilador* вентилятор* 风扇 风机
printer: printer* drucker impresora* imprimante* принтер* 打印机
coin: coin coins munze* moneda* монет* 硬币
camera: camera* kamera* shutter 相机
hum: hum hums humming brumm* zumbid* гул гудение 嗡嗡
static: static hiss hissing 白噪声 white_noise
"""
_MORE_INSTRUMENT = """
tabla: tabla tablas табла 塔布拉
cajon: cajon cajones кахон
tanpura: tanpura*
shaker: shaker* maraca* rassel* sonajero*
ukulele: ukulele* укулеле 尤克里里
bagpipe: bagpipe* dudelsack* gaita* cornemuse* волынк* 风笛
lute: lute lutes laute luth лютн*
oud: oud
erhu: erhu эрху 二胡
pipa: pipa 琵琶
dizi: dizi 笛子
recorder: blockflot* flauta_dulce flute_a_bec flauto_dolce
harpsichord: harpsichord* cembal* clavicord* clave clavecin* clavicembal* клавесин* 羽管键琴
glockenspiel: glockenspiel* carillon
triangle: triangle triangel triangulo
tambourine: tambourin* pandereta* бубен 铃鼓
cymbal: cymbal* becken platillos cymbale* тарелк* 钹
bass_guitar: bass_guitar* bassgitarr* e_bass electric_bass bajo_electrico basse_electrique бас_гитар*
strings: string_section strings streicher cuerdas cordes archi струнные 弦乐
brass: brass blechblas* metales cuivres ottoni 铜管
choir: choir* chor chore coro coros choeur* chorus хор хора 合唱
violin: geiger* violino violini violinista
cello: violoncelo* celli
flute: flauto flauti flutes querflote*
organ: orgue* organi_
trumpet: tromba trombe trombeta trompete*
"""
_GENRE = """
jazz: jazz* swing bebop джаз* 爵士
blues: blues* блюз* 布鲁斯 蓝调
rock: rock rocksong rocker rockig* rockmusik рок рока 摇滚
metal: metal heavy_metal метал 金属乐 重金属
punk: punk* панк* 朋克
pop: pop popmusik popsong поп 流行
classical: classical classic klassik* klassisch* clasic* classique* classic* классическ* baroque barock*
  barroc*
  symphon* sinfon* 古典
techno: techno techn_music техно
house: house_music deep_house house хаус 浩室
trance: trance транс
electronic: electronic electronica elektronisch* electronic* electronique* elettronic* электронн* edm 电子
ambient: ambient эмбиент 氛围
hiphop: hip_hop hiphop rap rapmusik хип_хоп рэп 嘻哈 说唱
reggae: reggae* регги 雷鬼
country: country кантри
folk: folk volksmusik volkslied* folclor* folklore folk* фолк народн* 民谣 民乐 民间
soul: soul соул
funk: funk* фанк
disco: disco диско 迪斯科
tango: tango* танго 探戈
bossa: bossa_nova bossa босса* 波萨诺瓦
salsa: salsa сальса 萨尔萨
samba: samba* самба 桑巴
flamenco: flamenc* фламенко 弗拉门戈
waltz: waltz* walzer* vals valse* valzer вальс* 圆舞曲 华尔兹
march: march marsch marcha marche марш 进行曲
opera: opera oper opern операв опера 歌剧
gospel: gospel* госпел
latin: latin latina latino lateinamerik* латин* 拉丁
dnb: drum_and_bass drum_n_bass dubstep jungle
lullaby: lullab* wiegenlied* nana berceuse колыбельн* 摇篮曲
"""
_MORE_ROOM = """
car_inside: car_cabin inside_a_car im_auto en_un_coche dans_une_voiture в_машине 车里 车内
train_station: train_station railway_station bahnhof* estacion* gare вокзал* 火车站
forest: forest* woods wald bosque* foret* лес лесу 森林
park: park parks parque* parc парк* 公园
gym: gym gymnasium sports_hall turnhalle* gimnasio* gymnase* спортзал* 体育馆
studio: studio* estudio студи* 录音室
cave: cave cavern hohle cueva* grotte* пещер* 山洞
tunnel: tunnel* tunel туннел* 隧道
basement: basement* cellar keller sotano* cave_a_vin подвал* 地下室
lobby: lobby foyer vestibul* лобби 大厅
beach: beach* strand playa* plage* пляж* 海滩
hospital: hospital* krankenhaus* hopital* ospedal* больниц* 医院
supermarket: supermark* supermercad* supermarche* супермаркет* 超市
kitchen: 厨房里
"""
_AGE = """
child: child children kid kids childlike ein_kind das_kind eines_kindes kinderstimme* kinder nino ninos
  nina ninas
  infantil enfant* bambin* crianca* ребен* дети детей детск* 孩子 小孩 儿童
young: young younger youthful jung junge junger jungen junges joven jovenes jeune* giovan* jovem jovens
  молод* 年轻 青年
old: elderly senior aged_person alt alte alter_mann alten alterer altere alteren viej* ancian* age_avance
  agee vieux
  vieil* anzian* vecchi* idos* velh* пожил* стар* 老年 老人 年老 old_man old_woman old_person old_voice older_man
  older_woman older_person older_voice older_speaker older_adult
middle: middle_aged mittleren_alters mediana_edad age_moyen mezza_eta meia_idade средних_лет 中年
adult: adult* erwachsen* взросл* 成年
"""

TABLES: Mapping[str, str] = {
    "gender": lexicon.GENDER + _MORE_GENDER,
    "emotion": lexicon.EMOTION + _MOOD,
    "language": lexicon.LANGUAGE + _MORE_LANGUAGE,
    "sound": lexicon.SOUND + _MORE_SOUND,
    "instrument": lexicon.INSTRUMENT + _MORE_INSTRUMENT,
    "genre": _GENRE,
    "room": lexicon.ROOM + _MORE_ROOM,
    "mode": lexicon.MODE,
    "spoof": lexicon.SPOOFED + _MORE_SPOOF,
    "age": _AGE,
}
"""The values of each kind of fact, as in `lexicon`."""

LISTS = frozenset(["sound", "instrument"])
"""Kinds of which a clip has several at once, so that a list needn't be complete."""

_AGREE: Mapping[str, str] = {
    "emotion": """joy amusement pride excitement surprise romance; calm neutral tiredness boredom romance
    mystery;
        sadness tiredness boredom; fear nervousness surprise mystery; anger frustration contempt disgust;
        sadness frustration; calm joy; nervousness excitement; sadness calm; excitement anger; sadness fear;
        romance sadness; excitement fear; contempt boredom""",
    "sound": """thunder: fireworks gunshot; insect: bee mosquito; dog: wolf; sheep: goat; water: rain drip
    toilet stream shower waves washer boat; drip: rain
        clock; waves: stream; shower: rain; horn: train car boat truck bus siren traffic; whistle: train
        bird;
        engine: car train motorbike bus truck boat airplane helicopter chainsaw drill saw washer vacuum
        traffic;
        hum: engine fan vacuum printer static insect washer; static: rain wind fan hum vacuum waves shower;
        traffic: car motorbike bus truck horn; car: door motorbike bus truck; vehicle: car bus truck train;
        crowd: babble applause laughter speech scream; babble: speech laughter; baby: crying laughter
        scream;
        crying: scream; alarm: siren clock bells telephone horn; bells: clock door telephone; door: knock
        footsteps;
        bird: rooster chicken duck; fire: fireworks gunshot; fireworks: gunshot; breath: snore wind cough;
        cough: sneeze; chainsaw: saw; hammer: knock drill saw; keyboard: mouse; glass: plates; dog: scream;
        music: bells whistle; fan: wind airplane vacuum; wind: breath; train: bus""",
    "instrument": """drums: shaker tabla cajon cymbal tambourine; strings: violin viola cello bass harp
    guitar;
        organ: synthesizer accordion; piano: synthesizer harpsichord; bass: bass_guitar; bass_guitar:
        guitar synthesizer;
        brass: trumpet trombone tuba french_horn; singing: choir; flute: recorder dizi; xylophone:
        glockenspiel;
        sitar: tanpura; guitar: ukulele lute; guzheng: harp""",
    "genre": """rock: metal punk blues pop country folk; electronic: techno house trance ambient dnb disco
    pop hiphop;
        latin: tango bossa salsa samba flamenco jazz pop; jazz: blues bossa funk soul; pop: disco soul folk
        country;
        hiphop: funk soul; folk: country flamenco blues; classical: opera waltz march; gospel: soul;
        reggae: latin;
        tango: waltz; funk: soul disco; ambient: classical; house: disco techno; techno: trance; bossa:
        samba""",
    "room": """hall: church classroom gym lobby restaurant train_station; corridor: stairwell lobby tunnel;
    office: meeting;
        outdoors: street park forest beach; vehicle: car_inside street; basement: garage; restaurant:
        lobby""",
    "language": """British English; British Scottish; British Welsh; Mandarin Taiwanese Sichuan; Quebec
    Canadian French;
        Bavarian German Austrian; Saxon German; Swabian German; Andalusian Spanish; Indian Hindi Tamil
        Bengali;
        Singaporean English; Mandarin Cantonese; American English; Australian English; Canadian English;
        Nigerian English; South_African English; New_Zealand English; Scottish English; Welsh English;
        Irish English;
        Mexican Spanish; Argentinian Spanish; Colombian Spanish; Chilean Spanish; Peruvian Spanish; Cuban
        Spanish;
        Venezuelan Spanish; Brazilian Portuguese; Austrian German; Swiss German; Swiss French; Swiss
        Italian;
        Belgian French; Belgian Dutch; Egyptian Arabic; Moroccan Arabic; Quebec French""",
    "age": "child young; adult young; adult old",
}


def _pairs(groups: str) -> frozenset[frozenset[str]]:
    """All pairs of a group, or the first with each of the others where it ends in a colon."""
    found: set[frozenset[str]] = set()
    for group in groups.split(";"):
        first, *others = group.split()
        members = [first.rstrip(":"), *others]
        heads = members[:1] if first.endswith(":") else members
        found |= {frozenset((a, b)) for a in heads for b in members if a != b}
    return frozenset(found)


_AGREEING = {kind: _pairs(groups) for kind, groups in _AGREE.items()}


def agree(kind: str, one: str, other: str) -> bool:
    """Whether two values may be said of the same clip: near in meaning, or one includes the other."""
    return one == other or frozenset((one, other)) in _AGREEING.get(kind, frozenset())


HYPERNYMS = """
aircraft: aircraft fluggerat* aeronef* летательн* 飞行器
animal: animal* tier tiere tieren animales animaux животн* звер* 动物
vehicle: vehicle* fahrzeug* vehicul* vehicol* veicol* транспорт* машин* 车辆 交通工具
weather: weather wetter clima meteo погод* 天气
insect: insects insekt* insectos insetti насеком* 虫
"""
MEMBERS: Mapping[str, frozenset[str]] = {
    "animal": word_set(
        "dog cat rooster bird cow pig sheep horse frog insect chicken duck wolf lion goat monkey elephant "
        "whale dolphin "
        "bear bee mosquito snake donkey"
    ),
    "vehicle": word_set(
        "train car traffic horn engine helicopter airplane motorbike bus boat truck bicycle siren"
    ),
    "weather": word_set("rain thunder wind"),
    "aircraft": word_set("airplane helicopter"),
    "insect": word_set("insect bee mosquito"),
}
"""The sounds that a wider word stands for."""

EXCLUSIVE = (
    """
mon: monday* montag* lunes lundi lunedi segunda_feira понедельник* 周一 星期一
tue: tuesday* dienstag* martes mardi martedi terca_feira вторник* 周二 星期二
wed: wednesday* mittwoch* miercoles mercredi mercoledi quarta_feira среда среду среды 周三 星期三
thu: thursday* donnerstag* jueves jeudi giovedi quinta_feira четверг* 周四 星期四
fri: friday* freitag* viernes vendredi venerdi sexta_feira пятниц* 周五 星期五
sat: saturday* samstag* sonnabend* sabado* samedi sabato суббот* 周六 星期六
sun: sunday* sonntag* domingo* dimanche domenica воскресень* 周日 星期天 星期日
""",
    """
jan: january januar enero janvier gennaio janeiro январ*
feb: february februar febrero fevrier febbraio fevereiro феврал*
apr: april abril avril aprile апрел*
jun: june juni junio juin giugno junho июн*
jul: july juli julio juillet luglio julho июл*
aug: august agosto aout август*
sep: september septiembre septembre settembre setembro сентябр*
oct: october oktober octubre octobre ottobre outubro октябр*
nov: november noviembre novembre ноябр*
dec: december dezember diciembre decembre dicembre dezembro декабр*
""",
    """
red: red rot rote roten roter rotes rojo roja rouge* rosso rossa vermelh* красный красная красное красные 红色
blue: blue blau* azul* bleu* blu синий синяя синее синие голуб* 蓝色
green: green grun grune grunen gruner grunes verde* vert verte verts зеленый зеленая зеленое зеленые 绿色
yellow: yellow gelb* amarill* jaune* giall* amarel* желтый желтая желтое желтые 黄色
black: black schwarz* negro negra noir* nero nera preto preta черный черная черное черные 黑色
white: white weisse weissen weisser weisses blanco blanca blanc* bianc* branc* белый белая белое белые 白色
""",
    """
on: turn_on turned_on switch_on switched_on turning_on einschalt* anschalt* eingeschalt* encend* enciend*
  allum* accend*
  ligar включ* 打开
off: turn_off turned_off switch_off switched_off turning_off ausschalt* ausgeschalt* apag* eteind* eteign*
  spegn*
  desligar выключ* 关掉 关闭
""",
    """
open: open opens opened opening offnet geoffnet abre abierto abierta ouvre ouvert* apre aperto aberto
  открыт* открыва*
  开门
closed: closes closed shut schliesst geschlossen cierra cerrad* ferme fermee* chiude chius* fechad* закрыт*
  закрыва*
  关门
""",
    """
left: turn_left to_the_left on_the_left left_side left_hand links linken izquierd* gauche sinistra esquerd*
  слева налево
  左边 左转
right: turn_right to_the_right on_the_right right_side right_hand rechts derech* droite destra direita
  справа направо
  右边 右转
""",
    """
morning: morning* morgens vormittag* matin* mattin* утром 早上 上午
evening: evening* abend* noche soir soiree вечером 晚上
afternoon: afternoon* nachmittag* apres_midi pomeriggio 下午
""",
    """
today: today heute hoy aujourd_hui oggi hoje сегодня 今天
tomorrow: tomorrow morgen manana demain domani amanha завтра 明天
yesterday: yesterday gestern ayer hier ieri ontem вчера 昨天
""",
)
"""Sets of which a sentence that names one doesn't mean another."""
