"""What the filters know of words: values and their synonyms, derivations and translations, one concept a line.

A line reads `concept: pattern pattern ...`. `word` matches that word, `stem*` every word that begins so, `a_b*`
words in a row; Chinese patterns match anywhere. Accents and case don't count. Ambiguous words (`content`, `cross`,
`blue`) are left out on purpose: a missed synonym costs less than a good question.
"""

from __future__ import annotations


def word_list(text: str) -> tuple[str, ...]:
    """The words of a text, in order."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


GENDER = """
male: senor senores man men male males masculine boy boys gentleman gentlemen guy guys dude bloke mann
  mannes manner mannlich* mannerstimme* junge jungen herr herrn hombre* masculin* varon* chico muchacho nino
  homme* garcon* monsieur uomo uomini maschi* ragazzo homem homens rapaz menino мужчин* мужск* мужик* парень
  парня мальчик* 男
female: senora senoras signora senhora woman women female females feminine girl girls lady ladies frau
  frauen frauenstimme* weiblich* madchen dame sprecherin* rednerin* mujer* femenin* chica muchacha nina
  locutora oradora femme* feminin* fille locutrice oratrice donna donne femminil* ragazza mulher* feminina*
  menina женщин* женск* девушк* девочк* дикторша говорящая actress schauspielerin actriz actrice актрис* 女
"""

EMOTION = """
joy: happy happi* joy* glad gladly cheer* delight* elated elation merry jolly froh* glucklich* freud* freut
  heiter* feliz felices felicidad alegr* contento contenta joie* joyeu* heureu* gioi* felic* allegr*
  radostn* радост* радую* радуе* счаст* весел* 高兴 快乐 开心 喜悦 愉快 欢快
sadness: sad sadly sadness sadder unhapp* sorrow* mournful* melanchol* gloom* grief griev* depress* downcast
  traurig* trist* melancolic* melancoli* abatid* грус* печал* тоск* 悲伤 伤心 难过 忧伤 悲哀 忧郁
anger: anger* angr* furious* fury rage raging mad irate enrag* wutend* wut zornig* zorn argerlich*
  verargert* enfad* enoj* furios* rabia colere enerve* furieu* fache* arrabbia* rabbia irritad* злост* злой
  злая злоб* злит* серди* гнев* ярост* разгнев* 生气 愤怒 恼怒 发怒 气愤
fear: fear* afraid scared scary frighten* terrif* terror* anxious* anxiety angst* angstlich* furcht*
  verangstigt* miedo* temor* asustad* aterr* peur* effray* craint* apeure* paura* impaurit* spaventat* medo
  amedrontad* страх* страшн* боит* боят* испуг* напуг* 害怕 恐惧 惊恐 担心
disgust: disgust* revuls* revolted repuls* repelled loath* ekel* angeekelt* asco asquead* repugn* degout*
  schifat* nojo отвращ* брезг* 厌恶 恶心 反感
surprise: surpris* astonish* amaze* amazing* amazement startl* shocked uberrasch* erstaun* verblufft*
  sorprend* sorpres* asombr* surpren* etonn* stupit* surpreend* surpres* удивл* изумл* удивит* 惊讶 吃惊
  惊奇 意外
calm: calm* relax* serene* serenity peaceful* tranquil* soothing composed ruhig* gelassen* entspann*
  sosegad* seren* pacific* detendu* rilassat* спокой* расслабл* 平静 冷静 放松 镇定
neutral: neutral* unemotional emotionless sachlich* neutr* нейтральн* 中性 中立
boredom: bored bore boring boredom langweil* gelangweilt* aburr* ennui ennuy* annoiat* tedio* tediat* скук*
  скуча* скучн* 无聊 厌倦
pride: proud* pride stolz* orgull* fiere fierte orgoglio* горд* 自豪 骄傲
excitement: excit* enthusias* thrill* aufgeregt* begeister* emocionad* entusiasm* enthousias* восторг*
  взволнован* воодушевл* 兴奋 激动
contempt: contempt* scorn* disdain* veracht* desprec* mepris* презр* 轻蔑 蔑视
nervousness: nervous* worried worry worries nervos* nervios* inquiet* preocupad* preoccup* нервн* встревож*
  беспоко* 紧张 焦虑
tiredness: tired* exhaust* sleepy weary mude muder ermudet* cansad* fatig* устал* 疲惫 疲倦
frustration: frustrat* frustriert* frustra* разочаров* 沮丧 失望
amusement: amus* entertained belustigt* divertid* amuse* 逗乐
"""

LANGUAGE = """
English: english* englisch* englander* ingles inglesa ingleses anglais* inglese* английск* англичан* 英语
  英文
German: german germans germany* deutsch* aleman* allemand* allemagne tedesc* alemao alema немецк* немец
  немк* германи* 德语 德文 德国
French: french* franzosisch* franzos* frances francesa franceses francais* france francia francese*
  французск* француз* франци* 法语 法文 法国
Spanish: spanish* spaniard* spain castilian* spanisch* spanier* espanol* castellan* espagnol* espagne
  spagnol* espanhol* испанск* испан* 西班牙
Italian: italian* italy italienisch* italiener* italien* italia итальян* итали* 意大利
Portuguese: portuguese* portugal portugiesisch* portugues* portugais* portoghes* португал* 葡萄牙
Russian: russian* russia* russisch* russe* rusa ruso russ* русск* росси* 俄语 俄文 俄罗斯
Mandarin: mandarin* chinese china chinesisch* chinesin chinese* chino chinos chinois* cinese* chines chinesa
  китайск* китае* китаян* китай 汉语 中文 普通话 国语 华语
Cantonese: cantonese kantonesisch* cantones* cantonais* кантонск* 粤语 广东话
Japanese: japanese japan* japones* japonais* giapponese* японск* японец японк* 日语 日文 日本
Korean: korean* korea* koreanisch* coreano* coreen* корейск* 韩语 韩文 韩国
Arabic: arabic arab arabs arabian arabisch* arabe* arabo* арабск* 阿拉伯
Hindi: hindi хинди 印地语
Turkish: turkish turk turks turkey turkisch* turco* turca* turc turque турецк* 土耳其
Polish: polish poland polnisch* polaco* polaca* polonais* polacc* польск* 波兰
Dutch: dutch* netherlands holland niederlandisch* hollandisch* holandes* neerlandes* neerlandais* olandese*
  голландск* нидерландск* 荷兰
Ukrainian: ukrain* ucrani* украин* 乌克兰
Swedish: swedish swede swedes sweden schwedisch* sueco sueca suedois* svedese* шведск* 瑞典
Danish: danish dane danes denmark danisch* danois* датск* 丹麦
Norwegian: norweg* norueg* норвежск* 挪威
Finnish: finnish finn finns finland* finnisch* finlandes* finnois* финск* 芬兰
Greek: greek greeks greece griechisch* griego* griega* grec grecque greco греческ* 希腊
Czech: czech* tschechisch* checo checa tcheque* ceco чешск* 捷克
Hungarian: hungar* ungarisch* hongrois* unghers* венгерск* 匈牙利
Romanian: romanian* romania rumanisch* rumano* roumain* rumen* румынск* 罗马尼亚
Vietnamese: vietnam* вьетнамск* 越南
Thai: thai thailand* tailandes* тайск* 泰语 泰国
Indonesian: indones* индонезийск* 印度尼西亚 印尼
Persian: persian* farsi iran iranian* persisch* persa персидск* 波斯
Hebrew: hebrew* hebraisch* hebreo hebreu иврит* 希伯来
Catalan: catalan* katalanisch* каталанск* 加泰罗尼亚
Welsh: welsh* wales walisisch* gales galesa gallois* валлийск* 威尔士
Irish: irish* ireland irisch* irlandes* irlandais* irland* ирландск* 爱尔兰
Scottish: scottish scot scots scotland schottisch* escoces* ecossais* scozzes* шотландск* 苏格兰
British: british* britain britisch* britanic* britannique* британск* 英国
American: american* america amerikanisch* estadounidense* americain* американск* 美国 美式
Indian: indian* india indisch* indio indien* индийск* 印度
Mexican: mexic* mexikanisch* mejican* mexicain* messican* мексиканск* 墨西哥
Australian: austral* australisch* австралийск* 澳大利亚 澳洲
Canadian: canad* kanadisch* канадск* 加拿大
Austrian: austria* osterreich* austriac* autrich* австрийск* 奥地利
Swiss: swiss switzerland schweiz* suiz* suisse* svizzer* швейцарск* 瑞士
Brazilian: brazil* brasil* bresil* бразильск* 巴西
Argentinian: argentin* аргентинск* 阿根廷
"""

SOUND = """
dog: dog dogs puppy puppies hound hounds canine canines bark barks barked barking woof* hund hunde hundes
  bellt bellen hundegebell perro* ladr* ladra* chien chiens aboie* aboiement* abbai* cachorr* latid* собак*
  собач* лай лает лают 狗 犬
cat: cat cats kitten* feline meow* miaow* mew mews katze* miaut gato* gata maull* miaul* gatto gatti кот
  кошк* мяу* 猫
rooster: rooster* cockerel* crow crows crowing crowed hahn hahns gallo gallos coq coqs петух* 公鸡
bird: bird birds birdsong birdcall* chirp* tweet* twitter* vogel* vogelgesang zwitscher* pajaro* oiseau*
  uccell* passar* птиц* 鸟
cow: cow cows cattle moo moos mooing kuh kuhe vaca vacas vache* mucc* коров* 牛
pig: pig pigs oink* schwein* cerdo* cochon* maial* свин* 猪
sheep: sheep lamb lambs bleat* schaf* oveja* mouton* овц* овеч* 羊
horse: horse horses neigh* whinn* hoof hooves pferd* caballo* cheval chevaux лошад* 马蹄
frog: frog frogs croak* frosch* rana ranas grenouille* лягуш* 青蛙
insect: insect* cricket crickets cicada* buzz buzzes buzzing grille grillen grillo* insecto* grillon*
  сверчк* 昆虫 蟋蟀
rain: rain rains rained raining rainy raindrop* rainfall drizzl* downpour* regen* regnet lluvi* llueve pluie
  pleut piogg* piove chuva* chove дожд* 雨
thunder: thunder* lightning gewitter donner* trueno* tormenta tonnerre orage* tuono temporale гроз* гром
  грома 雷声 打雷 雷雨 雷鸣
wind: wind winds windy gust gusts breeze* winde viento* vent venteux vento ветер ветр* 风声 刮风
waves: wave waves surf sea ocean meer wellen brandung mar olas oceano mer vagues onde волна волны моря море
  海浪
siren: siren* sirene* sirena* alarmsirene* сирен* 警笛 警报
bells: bell bells chime chimes kirchenglocke* glocke* campana* cloche* колокол* 钟声
train: train trains railway* locomotive* zug zuge tren trenes поезд* 火车
car: car cars automobile* auto autos pkw coche* voiture* macchin* carro carros автомоб* 汽车
traffic: traffic strassenverkehr verkehr* trafico circulation traffico trafego уличн*_движ* 交通
horn: horn horns honk* hupe* hupt klaxon* bocina* clacson гудок гудк* 喇叭
engine: engine* motor motors motores moteur* motore двигател* мотор* 发动机 引擎
helicopter: helicopter* chopper hubschrauber* helicoptero* helicoptere* elicotter* вертолет* 直升机
airplane: airplane* aeroplane* aircraft flugzeug* avion* aereo самолет* 飞机
chainsaw: chainsaw* chain_saw* kettensage* motosierra* tronconneuse* motosega* бензопил* 电锯
vacuum: vacuum* hoover* staubsaug* aspirador* aspirateur* aspirapolver* пылесос* 吸尘器
washer: washing_machine* laundry waschmaschin* lavadora* lavatric* стиральн* 洗衣机
keyboard: keyboard* typing typed typist* keystroke* tippen tastatur* teclado* clavier* tastiera клавиатур*
  键盘 打字
mouse: mouse mausklick* maus raton souris мыш* 鼠标
clock: clock clocks tick ticks ticking uhr uhren tickt reloj* horloge* orologi* часы 时钟 滴答
alarm: alarm alarms alarma* alarme* wecker* sveglia будильник* 闹钟
telephone: telephone* phone phones smartphone* cellphone* mobile* ringtone* telefon* telefono* movil handy
  телефон* 电话 手机
door: door doors doorbell* tur turen puerta* porte portes porta двер* 门
knock: knock* klopf* стук* стуч* 敲门
footsteps: footstep* footfall* steps walking walks schritte pasos pas шаг* 脚步
laughter: laugh* giggl* chuckl* lachen lacht gelachter risa* rie rire* ridere смех* смеет* смею* 笑
crying: cry cries cried crying weep* sob sobs sobbing weint weinen llora* llanto pleur* piang* плач* плак*
  哭
baby: baby babies infant* saugling* bebe* neonat* младен* 婴儿
sneeze: sneez* niest niesen estornud* eternu* чиха* 喷嚏
cough: cough* hust* tos tose touss* toux tosse каш* 咳嗽
snore: snor* schnarch* ronca* ronfl* russa храп* 打鼾 打呼
breath: breath* atmen atmet respira* respir* дыш* дыхан* 呼吸
applause: applau* clap claps clapping ovation* klatsch* aplau* applaud* аплодис* 掌声 鼓掌
crowd: crowd crowds menge menschenmenge multitud* foule* folla толп* 人群
babble: babble* chatter* murmur* stimmengewirr 嘈杂
water: water waters wasser agua eau acqua вода воды водой 水声 流水
drip: drip* drop drops droplet* tropf* gota* gotea* goutt* gocci* капл* капа* 滴水 水滴
toilet: toilet* lavatory wc toilette* inodoro унитаз* 马桶
glass: glass glasses vidrio* verre vetro стекл* 玻璃
fire: fire fires campfire* flame flames crackl* feuer* fuego feu fuoco костер костр* 火焰 篝火
fireworks: firework* feuerwerk* fuegos_artificiales фейерверк* 烟花 鞭炮
gunshot: gun guns gunshot* gunfire* schuss disparo* coup_de_feu выстрел* 枪声
drill: drill drills drilling bohrer* bohrmaschine* taladr* perceuse* дрел* 电钻
hammer: hammer* martillo* marteau* молот* 锤
music: music musical musik* musica* musique* музык* 音乐
plates: dishes plates crockery cutlery geschirr* vajilla vaisselle посуд* 餐具
"""

INSTRUMENT = """
piano: piano pianos pianist* klavier* pianista* pianoforte фортепиан* пианин* пианист* рояль 钢琴
guitar: guitar* gitarr* guitarr* guitare* chitarr* гитар* 吉他
violin: violin violins violinist* fiddle* geige* violine* violinen violin* violon violons violoniste*
  скрипк* скрипач* 小提琴
viola: viola violas violist* bratsche* альт 中提琴
cello: cello cellos cellist* violonchelo* violoncell* виолончел* 大提琴
bass: double_bass* contrabass* upright_bass* kontrabass* contrabajo* contrebass* контрабас* 低音提琴
flute: flute* flutist* flautist* flote* flotist* flauta* flautista* флейт* 长笛
clarinet: clarinet* klarinett* clarinett* кларнет* 单簧管
oboe: oboe* oboist* hautbois гобо* 双簧管
bassoon: bassoon* fagott* fagot* basson фагот* 巴松
saxophone: sax saxo* saxophon* saxofon* саксофон* 萨克斯
trumpet: trumpet* trompet* trompa tromba trompette* труб* 小号
trombone: trombon* posaun* тромбон* 长号
tuba: tuba tubas туба 大号
french_horn: french_horn* waldhorn* валторн* 圆号
drums: drum drums drummer* drumming drumbeat* schlagzeug* trommel* bateria* baterista* tambor* batterie
  batteur* percussi* барабан* 鼓声 打鼓 敲鼓 架子鼓 鼓手
harp: harp harps harpist* harfe* arpa* harpe арф* 竖琴
organ: organ organs organist* orgel* organo orgue* орган органа органист* 管风琴
accordion: accordion* akkordeon* acorde* accordeon* fisarmonic* аккордеон* баян* 手风琴
banjo: banjo* банджо 班卓
mandolin: mandolin* мандолин* 曼陀林
sitar: sitar* ситар* 西塔琴
guzheng: guzheng* zither* гучжэн* 古筝
xylophone: xylophon* marimba* vibraphon* ксилофон* 木琴
harmonica: harmonica* mundharmonika* armonica* губн*_гармо* 口琴
synthesizer: synth* synthes* sintetizador* синтезатор* 合成器
singing: sing sings singer* singing sang vocals gesang sanger* canta cantant* chante* пение поет 唱
"""

ROOM = """
kitchen: kitchen* kuche* cocina* cuisine* cucina* cozinha* кухн* 厨房
bathroom: bathroom* badezimmer* bano banos salle_de_bain* bagno ванн* 浴室
bedroom: bedroom* schlafzimmer* dormitorio* chambre_a_coucher camera_da_letto спальн* 卧室
living: living_room* lounge sitting_room* wohnzimmer* salon gostin* гостин* 客厅
classroom: classroom* schoolroom* klassenzimmer* aula aulas salle_de_classe класс классе 教室
office: office* buro oficina* bureau* ufficio офис* 办公室
meeting: meeting_room* conference_room* boardroom* besprechungsraum* konferenzraum* sala_de_reunion*
  sala_de_juntas salle_de_reunion* переговорн* 会议室
stairwell: stair stairs stairwell* staircase* stairway* treppenhaus* treppe escalera* escalier* scala
  лестни* 楼梯
corridor: corridor* hallway* passageway* flur korridor* pasillo* couloir* corridoio коридор* 走廊
church: church* chapel* cathedral* kirche* iglesia* eglise* chiesa* церк* 教堂
hall: auditorium* lecture_hall* concert_hall* horsaal* konzertsaal* amphithea* концертн* 礼堂 音乐厅
street: street streets roadside strasse calle calles rue strada улиц* 街
garage: garage* garaje* гараж* 车库
library: library libraries bibliothek* biblioteca* bibliotheque* библиотек* 图书馆
restaurant: restaurant* cafe cafes cafeteria* canteen ресторан* кафе 餐厅 咖啡馆
outdoors: outdoor* outside draussen aire_libre dehors plein_air на_улице 户外
vehicle: vehicle fahrzeug* vehicul*
"""

MODE = """
major: major dur mayor majeur* maggiore мажор* 大调
minor: minor moll menor mineur* minore минор* 小调
"""

SPOOFED = """
true: fake* spoof* synthetic* synthesi* artificial* deepfake* generated machine_generated computer_generated
  ai_generated gefalscht* synthetisch* kunstlich* fals* sintetic* generad* synthetique* искусствен* поддел*
  синтез* фальшив* 合成 伪造 假的 假音
false: genuine* real authentic* bona_fide human echt* authentisch* autentic* genuin* humain* veritable*
  настоящ* подлинн* 真实 真人 真的
"""

METADATA = """
label: label* gelabelt* etiquet* etichett* rotul* метк* метка помечен* 标签
annotation: annotat* annotier* annotation* anotaci* anotad* anotac* annote* annotazion* аннотац* разметк*
  размечен* 标注 注释
metadata: metadata metadate* metadato* metadonnee* metadati metadado* метаданн* 元数据
dictionary: dictionar* worterbuch* diccionario* dictionnaire* dizionari* dicionario* словар* 字典 词典
dataset: dataset* data_set* datensatz* datensatze* conjunto_de_datos jeu_de_donnees insieme_di_dati
  conjunto_de_dados датасет* набор*_данных corpus korpus корпус* 数据集 语料库
database: database* datenbank* base_de_datos base_de_donnees banca_dati base_de_dados баз*_данных 数据库
tag: tag tags tagged getaggt* тег теги тегу тегов
file: file files filename* datei* dateiname* archivo* fichero* fichier* arquivo* файл* 文件
identifier: identifier* kennung* identificador* identifiant* identificativo идентификатор* 标识符 编号
groundtruth: ground_truth json
facts: the_facts given_fact* provided_fact* known_facts listed_fact* den_fakten los_hechos les_faits фактам
  факты_о
information: provided_information information_provided given_information information_given provided_data
  data_provided given_data provided_description provided_details details_provided provided_text
  provided_context according_to_the_information according_to_the_data according_to_the_description
  according_to_the_caption based_on_the_information based_on_the_data based_on_the_description
  angegebene*_information* bereitgestellte*_information* laut_beschreibung laut_der_beschreibung
  laut_den_angaben laut_den_daten informacion_proporcionada datos_proporcionados segun_los_datos
  segun_la_informacion segun_la_descripcion informations_fournies donnees_fournies selon_les_donnees
  selon_la_description selon_les_informations informazioni_fornite secondo_la_descrizione secondo_i_dati
  informacoes_fornecidas de_acordo_com_a_descricao предоставленн*_информац* предоставленн*_данн*
  согласно_данным согласно_описанию согласно_информации 提供的信息 所给信息 给定的信息 根据描述 根据信息
  根据资料 根据所提供
listing: is_listed_as are_listed listed_as the_caption the_transcript
"""

PRONOUNS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"male": ("he", "him", "his", "himself"), "female": ("she", "her", "hers", "herself")},
    "es": {"male": ("él",), "female": ("ella",)},
    "fr": {"male": (), "female": ("elle",)},
    "it": {"male": ("lui",), "female": ("lei",)},
    "pt": {"male": ("ele", "dele"), "female": ("ela", "dela")},
    "ru": {"male": ("он", "его", "ему"), "female": ("она", "её", "ее", "ей")},
    "zh": {"male": ("他",), "female": ("她",)},
}
"""As written, accents and all. German ones and French `il` follow the noun's gender, not the speaker's."""

NEUTRAL_ANTECEDENTS = word_set(
    "voix personne persona voce voz pessoa запись записи речь музыка мелодия фраза песня голос звук "
    "диктор говорящий человек hablante locutor locuteur voice"
)
"""Nouns that a gendered pronoun of a gendered language may stand for without telling the speaker's gender."""

GENERIC = word_set(
    "sound sounds sounding noise noises noisy voice voices speaker speakers talker talkers person persons "
    "people someone somebody something anything anyone thing things audio recording recordings recorded "
    "record clip clips sample excerpt passage piece pieces track utterance speech message sentence word "
    "words language languages accent emotion emotions emotional feeling feelings feel feels mood tone "
    "gender age music instrument instruments musical genre song melody note notes pitch key tempo room "
    "rooms space place environment scene event events background foreground hear heard hearing audible "
    "listen listener present detect detected detectable played play plays playing speak speaks speaking "
    "spoken talk talks talking say says saying said utter uttered express expresses expressed expressing "
    "convey conveys conveyed kind kinds type types sort main actual overall microphone device distance "
    "intent command request source category here there happen happens happening stimme stimmen sprecher "
    "sprechende sprechenden sprechers gerausch gerausche klang ton aufnahme sprache sprechen spricht "
    "horen hort horbar gefuhl hintergrund akzent stuck musik zu_horen etwas klingt voz voces hablante "
    "locutor sonido sonidos ruido grabacion habla hablar hablando idioma lengua emocion persona musica "
    "pieza acento oye oyen escucha escuchar suena suenan instrumento instrumentos fondo algo voix "
    "locuteur orateur son sons bruit enregistrement parle parler langue personne musique morceau entend "
    "entendre fond quelque chose голос голоса голосе диктор диктора говорящий говорящего человек звук "
    "звуки звука шум запись записи говорит язык языке эмоция эмоцию речь музыка слышен слышно слышна "
    "слышны слышится инструмент акцент фон фоне что-то произносит звучит voce parlante suono suoni rumore "
    "registrazione parla lingua emozione brano sente som gravacao fala emocao pessoa ouve"
)
"""Words that any question about audio may use: names of facts, of their classes, and of the act of listening."""

GENERIC_CJK = word_list(
    "声音 录音 音频 说话人 说话者 说话 语言 情绪 情感 感情 背景 噪音 噪声 音乐 乐器 这段 "
    "这个 这位 这里 听到 听见 听起来 可以 里面 中 里 一种 一个 种 什么 表达 有 "
    "是 的 了 在 出 吗 呢 吧 这 那 有着 某种 某 东西"
)

NAMELESS = word_set(
    "sound sounds audio noise recording clip something anything gerausch gerausche klang aufnahme etwas "
    "sonido sonidos grabacion algo son sons bruit enregistrement звук звуки запись записи suono "
    "registrazione som gravacao"
)
"""What is in every clip: to ask whether it's there is to ask nothing."""

EXISTENCE = word_set(
    "audible heard hear present detectable perceptible noticeable exist exists evident there any clearly "
    "possible"
)
