"""Values that no table of `lexicon` or `vocabulary` holds, since a fact of any name may have them: how a
  voice is used,
what a machine's state is, what somebody does with words or things, what things are made of.

Only a question is searched for them, and only for the concepts of its own facts, so that words which mean
  several
things are fine here unless one of these meanings belongs to every question about audio.
"""

from __future__ import annotations

from collections.abc import Mapping

from .things import THINGS
from .vocabulary import TABLES

_VOICE = """
whisper: whisper* hush* undertone fluster* gefluster* susurr* chuchot* sussurr* шепот* шепт* шепч* 耳语 低语
  悄悄话 轻声
  ささやき ささやく
shout: shout* brull* yell* holler* bellow* schrei* schreit ruft gerufen grita* grito gritos cri cris crie
  crier urla urlo berra* крича* кричи* крик* 大喊 喊叫 吼
  叫び 叫ぶ
hoarse: hoarse* husky raspy rasping croaky heiser* ronca ronco rauque* roco rauca rauco enroue* rouqu*
  хрипл* осипш* 沙哑 嘶哑 かすれ
breathy: breathy behaucht* 气声 придыхат*
nasal: nasal* naselnd* nasill* гнусав* 鼻音
creaky: creak* knarr* vocal_fry chirri* grince* grincement* скрип* 嘎吱
monotone: monoton* монотон* 单调
stutter: stutter* stammer* stotter* tartamud* begay* begai* balbett* gaguej* заика* 口吃 结巴 吃音
drunk: drunk* intoxicat* tipsy betrunken* borrach* ebrio ebria ivre ubriac* bebad* пьян* 醉 酔
yawn: yawn* gahnt gahnen gahnend* bostez* baill* sbadigl* bocej* зевает зевок зевк* 哈欠 あくび
sigh: sigh* seufz* suspir* soupir* sospir* вздых* вздох* 叹气 叹息 ため息
gasp: gasp* keuch* halete*
groan: groan* moan* stohn* stöhnt gemido gemissement* gemit* стон* 呻吟
scream: scream* shriek* screech* kreisch* chillido* chilla hurle strilla* визг* 尖叫 悲鳴
sob: sob* schluchz* solloz* sanglot* singhioz* soluc* рыда* 啜泣 抽泣 すすり泣
hiccup: hiccup* hiccough* schluckauf hipo hoquet* singhiozz* икот* 打嗝 しゃっくり
burp: burp* belch* rulps* eruct* отрыж*
hum: humming hums hummed summt summen tararea* fredonn* напева* 哼唱
growl: growl* snarl* knurr* grunid* grogne* ringhia* rosna* рычит рыча* 咆哮
howl: howl* heul* aullid* aulla hurle ulula* uiva* воет вой 嚎叫 遠吠え
purr: purr* schnurr* ronrone* ronronn* мурлы* 呼噜
meow: meow* miaow* mewing mews miau* miaul* maull* мяука* 喵
bark: bark* woof* bellt bellen gebell ladra ladrido* aboie* aboiement* abbaia* latid* лает лай 吠
"""

_STATE = """
abnormal: abnormal* anomal* fault* broken defect* malfunction* damaged faulting wrong failing out_of_order
  defekt* kaputt*
  gestort* beschadigt* averiad* defectuos* estropead* rotto rotta roto rota en_panne panne defaill* casse
  cassee guasto guasta guaste guasti difettos*
  avariad* quebrad* неисправн* сломан* поврежд* дефект* 故障 异常 損壊 损坏 坏 異常
normal: healthy intact flawless functioning_normally einwandfrei intakt* gesund* fehlerfrei* sano sana
  исправн* здоров* 正常 健康
empty: empty vacant deserted unoccupied leer leere leeren leerer vacio vacia vide vuoto vuota vazio vazia пуст* 空的
wet: wet damp soaked nass nasse nassen nasser feucht* mojad* mouille* bagnat* molhad* мокр* 湿
indoors: indoor* innenraum drinnen interior* interieur* в_помещении 室内 屋内
closed: closed shut geschlossen* cerrad* ferme fermee fermes fermees chius* fechad* закрыт* 关着 关闭 閉
open: open opened offen offene offenen geoffnet* abiert* ouvert* apert* abert* открыт* 开着 打开
beginner: beginner* novice* newbie* anfanger* principiante* debutant* neuling* новичк* новичок 初学者 初心者
advanced: advanced proficient fortgeschritten* avanzad* avancee avances avanzat* avancad* продвинут* 上級
rural: rural countryside landlich* campestre rurale rurales сельск* 农村 乡下
night: night* nachts nacht noche nocturn* nuit notte notturn* noite ночью ночн* 夜
crowded: crowded packed bustling uberfullt* abarrotad* bonde affollat* lotad* переполненн* 拥挤
non_native: non_native foreign nicht_muttersprachler* extranjer* etranger* stranier* иностран*
"""

_SPEECH_ACT = """
complaint: complain* grumbl* beschwer* beklag* queja* quejan* plaint plaignent plainte* lament* reclam*
  queixa* жалу* жалоб* 抱怨 投诉 不満
apology: apolog* sorry entschuldig* disculp* perdon* excuse excuses scusa* scuse desculp* извин* 道歉 謝
greeting: greet* hello welcom* begruss* gruss grusst saluda saludo* salue saluta saluto cumpriment* привет*
  здоровается 问候 打招呼 挨拶
farewell: farewell goodbye verabschied* despid* despedid* adieu* прощ* 告别 道别
thanks: thank* gratitude grateful danke dankt danken bedank* agradec* gracias remerci* merci ringrazi*
  grazie obrigad* благодар* 感谢 道谢
  感謝
objection: object* protest* einwand* einwend* widerspr* objeta* obietta* opoe возраж* 反对 異議
agreement: agree* assent* consent* zustimm* acuerdo acepta* accorde* concord* соглас* 同意 賛成
disagreement: disagree* dissent* uneinig* desacuerd* desaccord* disaccord* discord* несоглас* 不同意
suggestion: suggest* propos* vorschl* vorgeschlag* suger* proposi* propor* предлаг* предлож* 建议 提議
refusal: refus* reject* declin* ablehn* weiger* rechaz* niega rifiut* recusa* отказ* 拒绝 拒否
praise: prais* complim* lob lobt loben alaba alabanza elogi* louang* felicit* loda lode хвал* похвал* 称赞
  表扬
warning: warn* caution* alert* advert* avert* avvert* предупре* 警告
threat: threat* menac* droht drohen drohung* amenaz* minacc* ameac* угро* угрож* 威胁 脅
invitation: invit* einlad* einladt ladt_ein convid* пригла* 邀请 招待
promise: promis* versprech* versprich* promet* обеща* 承诺 答应 約束
joke: joke jokes joking jest* kidding witz witze scherz* brom* chiste* blague* plaisant* scherzos* piada*
  шутит шутк* 开玩笑 笑话 冗談
confirmation: confirm* bestatig* подтвер* 确认
command: command commands ordered ordering commanding befehl* befiehlt ordena* ordonn* приказ* 命令
encouragement: encourag* cheer_up ermut* ermunt* encoraj* incoragg* подбадр* 鼓励
announcement: announc* ansage* durchsage* anunci* annonc* annunci* объявл* 广播 通知
prayer: pray* prayer* gebet* betet reza rezo oracion priere* prie prega preghiera молит* молится 祈祷
advertisement: advert* commercial* werbung werbespot* publicit* pubblicit* propagand* реклам* 广告 広告
poem: poem poems poet* gedicht* poesi* стих* 诗
sermon: sermon* preach* predig* predic* проповед* 讲道
interview: interview* entrevist* entretien* intervist* интервью 采访
lecture: lectur* vorlesung* conferenci* lezion* лекци* 讲座
"""

_DEED = """
fry: frying fried fries fried sizzl* brat brate braten gebraten brutzel* freir frie fritur* frito frita
  friggere frigge жарит* жарят жарк* 煎 炒 揚げ
boil: boil* simmer* kocht kochen kochend* siedet hierve* hervi* bouillo* bout bolle bollente ferve* кипит
  кипя* кипен* 煮 沸
chop: slice slices chop chops chopping chopped slicing sliced slices dicing hackt hacken schneid* pica
  picando coupe couper hache tagli* резать режет режут 切
pour: pour* giess* schutt* vierte verter verse verser versa налива* льет* 倒水
drop: drop drops dropped dropping fall falls falling fell fallen fiel caer cae cayo caida tombe tombent
  tombee cade caduto cair cai падает упал* уронен* 掉 落
scrape: scraping scrape scraped scrapes scratch* kratz* schaben schabt rasca rascar gratte gratter racle
  racler raschia* arranha* скреб* царап* 刮 擦
hit: hit hits struck strike* striking bang* schlagt geschlagen golpea* golpe frappe frapper frappee colpi*
  bate batid* удар* 敲击 打击 叩
tear: tearing torn rip rips ripp* zerreiss* reisst rasga* desgarr* dechir* strapp* рвет* рвут 撕
crumple: crumpl* crinkl* rustl* knull* zerknull* raschel* arrug* froiss* accartocc* мнет* шурш* 揉
shatter: shatter* smash* break* broke zerbrech* splitter* rompe rompen quiebr* brise briser brisee frantum*
  разби* 打碎 割
crash: crash* collid* collision* zusammenstoss* choca choque chocan scontr* colis* столкн* авари* 碰撞 撞车
explosion: explosion* explod* esplos* blast* detonat* knall* взрыв* 爆炸 爆発
creak: creak* squeak* quietsch* knarr* chirri* grince* cigol* скрип* 吱吱
rattle: rattl* clatter* klapper* rassel* tracate* cliquet* греме* гремит 嘎嘎
jingle: jingl* tinkl* klimper* tintine* tintinn* звен* звяк* 叮当
splash: splash* platsch* spritz* chapote* salpic* eclabouss* плеск* плещ* всплеск* 溅
click: click* clic clics klick* щелч* щелк* 咔嗒 点击
beep: beep* bleep* piept piepen piepton* pitid* bip bips писк* пищ* 哔 滴滴
hiss: hiss hisses hissing zisch* siseo sisea siffle* шипит шипен* 嘶嘶
whistle: whistl* pfeif* pfiff pfiffe silba silbido* siffle* fischi* assobi* свист* 口哨 汽笛 口笛
flush: flush* spulung* tir*_de_la_chaine descarg* смыв* 冲水 抽水
sweep: sweep* swept kehrt fegt fegen barre barrer barrido balaie balaye* spazza* varre подмета* 扫
brush_teeth: brush* zahneputz* putzt_sich cepill* bross* spazzol* escov* чист*_зубы 刷牙
run: run runs jogging jogs sprint* rennt* lauft laufend* corre corren corriendo court courir бежит бег* 跑
  走る
swim: swim* schwimm* nada nadando nage nager nuota* плавает плывет 游泳
eat: eat eats eating chew* munch* isst kaut kauen masti* come comer comiendo mange manger mangia* ест жует
  жуют 吃 咀嚼 食べ
drink: drink drinks drinking sips sipping slurp* gulp* trinkt trinken schlurf* bebe beber bebiendo boit
  boire beve bere пьет глота* 喝 飲
type: typewriter* typing typed typist tippt tippen teclea* digita печата* 打字
write: write writes writing written scribbl* schreib* escrib* ecrit ecrire scrive* escrev* пишет пишут 写字 書
read_aloud: reading_aloud reads_aloud vorles* liest_vor lee_en_voz_alta lit_a_haute вслух 朗读 朗読
dance: dance dances dancing dancer* tanz tanzt tanze* baila* baile danse* ballo balla* танц* 跳舞 踊
pizzicato: pizzicato pluck* gezupft* zupf* pellizc* pince pincees щипк* 拨奏
distortion: distort* verzerr* distors* искаж* 失真 歪
echo: echo* reverberant hallig* eco ecos эхо 回声 回音
"""

_FEELING = """
panic: panic* panik* panico panica panique* paniqu* паник* паничес* 惊慌 恐慌 慌张 パニック 慌て
satisfaction: satisfied satisfaction pleased contented happy happily zufrieden* satisfech* satisfait* soddisfatt*
  satisfeit* довольн* 满意 満足
dissatisfaction: dissatisf* unsatisf* unhapp* displeas* unzufrieden* insatisf* descontent* mecontent* insoddisf*
  недовол* 不满 不満
relief: relief reliev* erleichter* alivi* aliviad* soulag* sollev* sollievo облегч* 松了口气 如释重负 安堵
shame: shame* asham* scham* beschamt* verguenza avergonz* honte* honteu* vergogn* vergonha envergonh* стыд*
  羞愧 羞耻 恥
confusion: confus* puzzl* bewilder* verwirr* confundid* confond* perplex* растерян* озадач* 困惑 迷茫 疑惑
  戸惑
impatience: impatien* ungeduld* impacien* нетерпел* нетерпен* 不耐烦 焦急
hope: hopeful hopefully hope hoffnung* hofft esperanz* espoir* speranz* esperanc* надежд* надеет* 希望
  充满希望
love: love* loving affection* liebe liebevoll* amor* carino* amour* affectu* amore amorev* carinh* любов*
  любящ* нежн* 爱 深情 愛
guilt: guilt* schuldgefuhl* schuldbewuss* culpab* culpable colpevol* виноват* 内疚 罪悪感
loneliness: lonely lonel* einsam* soledad* solitud* solitari* одинок* одиноч* 孤独 寂寞
desperation: desper* despair* verzweif* desespoir* disper* отчаян* 绝望 絶望
embarrassment: embarrass* verlegen* peinlich* avergonz* genee imbarazz* embaracad* смущ* неловк* 尴尬
irritation: irritat* annoy* gereizt* genervt* molest* fastidi* agac* infastidit* irritad* раздраж* 烦躁 恼火
  苛立
jealousy: jealous* envious* envy eifersucht* neid* celos* envidi* jalou* gelos* invidi* cium* invej* ревн*
  завис* 嫉妒 嫉妬
doubt: doubt* sceptic* skeptic* zweifel* duda* dubit* dout* duvid* сомнев* сомнен* скепти* 怀疑 疑い
curiosity: curios* curious neugier* curioso curiosa curieu* любопыт* 好奇
disappointment: disappoint* enttausch* decepcion* decu decus decue decept* delus* desilud* разочаров* 失望
  がっかり
gratitude: gratef* gratitud* thankful* dankbar* agradecid* reconnaissan* благодарн* 感激 感謝
sarcasm: sarcas* ironic* irony ironisch* ironi* spottisch* сарказм* саркасти* ирони* 讽刺 讥讽 皮肉
politeness: polite* courteous* hoflich* educad* cortes* polie poliment вежлив* 礼貌 客气 丁寧
hurry: hurr* hasty rushed eilig* hastig* apurad* presse pressee frettolos* apressad* тороп* спеш* 匆忙 急
mockery: mocking mocks mockery ridicul* teasing spott* burl* moqu* prend_in_giro zomb* насмеш* издев* 嘲笑
urgency: urgen* dringend* dringlich* срочн* 紧急 急迫 緊急
"""

_ALSO: Mapping[str, str] = {
    "gender": """
female: actress* lady mum mom mother grandmother dama senhoras abuela madre mere mae madrina мама мать
  бабушк* ж女
male: dad father grandfather vater grossvater abuelo padre pere pai папа отец дедушк* 爷
""",
    "emotion": """
boredom: ennuie*
joy: 喜び 嬉し うれし 楽し
sadness: 悲し 悲しみ sorrowful heartbroken
anger: 怒 怒り indignan*
fear: 恐れ 怖 fright*
surprise: 驚
calm: 落ち着い 穏やか
neutral: 中立
boredom: 退屈
disgust: 嫌悪
""",
    "age": """
child: infant* toddler* schoolboy* schoolgirl* 子供 子ども 幼 小女孩 小男孩
teen: teen* adolescen* jugendlich* подрост* 青少年 十代
young: youngster* 年轻人 青年 若い 若者
old: aged pensioner* senior* elder* greis* 老人 老年人 老太 老大爷 高齢 お年寄り
""",
    "language": """
Australian: aussie*
Bavarian: bayer bayern bayerin
Scottish: scotsman scotswoman schotte schottin шотланд*
Irish: ire iren irin ирланд*
British: brite briten britin brit brits британ*
Polish: pole poles polin polen polka поляк* полячк*
Turkish: turke turkin turco турок турчан*
Danish: dane danin
Greek: griechin grieche
French: franzose franzosin
Swedish: schwede schwedin
Sichuan: 四川 四川话
Hessian: hessisch* hessian
Texan: texan* texas texanisch* texano* техас* 得克萨斯
Japanese: 日本語
English: 英語
French: フランス
German: ドイツ
Spanish: スペイン
Korean: 韓国
Mandarin: 中国
""",
    "spoof": """
true: made_by_a_computer by_a_computer by_a_machine machine_made computer_voice computer_generated
  vom_computer por_una_maquina por_ordenador par_ordinateur par_une_machine dal_computer por_computador
  компьютерн* 机器生成 机器合成 人工合成 合成音
""",
    "sound": """
wind: gale gales sturm storm storms
tap: tap_water faucet* wasserhahn* grifo* robinet* rubinett* torneira* кран крана 水龙头
baby: newborn* bebe* 赤ちゃん
rain: 雨
dog: 犬
""",
    "instrument": """
drums: kick_drum* percussionist*
harp: harfen*
piano: ピアノ
guitar: ギター
violin: バイオリン
""",
}

NAMED: Mapping[str, str] = {kind: f"{table}\n{_ALSO.get(kind, '')}" for kind, table in TABLES.items()}
"""What questions call the values of each kind of fact."""

DEGREE = """
slow: slow slower unhurried leisurely sluggish langsam* gemachlich* bedachtig* lent lenta lento lente
  медленн* неторопл* 慢
fast: fast rapid quick brisk hurried speedy schnell* rasch* flott* eilig* rapid* rapide vite veloz veloce
  быстр* 快
loud: loud booming noisy blaring deafening laut laute lauten lauter lautes fuerte bruyant* rumoros* громк*
  响亮 大声
quiet: quiet faint soft muted leise leisen leiser leises baja faible doux piano_voice тих* 轻声 小声
high: high high_pitched shrill hoch hohe hohen hoher hohes aguda agudo aigu aigue acut* высок* 高
large: large big huge spacious enormous gross grosse grossen grosser grosses grande grandes
  enorme enormes больш* огромн*
small: small tiny little cramped klein kleine kleinen kleiner kleines pequen* petit petite piccol* маленьк* крошечн*
low: low low_pitched deep tief tiefe tiefen tiefer tiefes grave низк* 低
"""
"""Degrees, which only give themselves away before a noun (`the unhurried talker`)."""

ANY_KIND = "\n".join((_VOICE, _FEELING, _STATE, _SPEECH_ACT, _DEED, *THINGS))
"""The table for facts of whatever name."""

BROADER: Mapping[str, str] = {
    "bird": "bird", "insect": "insect", "wind": "wind", "engine": "engine|motor", "speech": "speech|speak|talk",
    "boat": "boat|ship|schiff|barco|bateau", "crowd": "crowd", "room": "room",
}  # fmt: skip
"""Concepts whose table also lists kinds of them, which the concept's own word doesn't give away (bird: owl)."""
