"""What facts of whatever name may name: incidents, musical terms, animals, places, people, materials (see `traits`)."""

from __future__ import annotations

_CASE = """
fire: fire fires blaze burning burns brand feuer brennt incendi* fuego incendie* feu incendio* fogo пожар*
  горит 火灾 着火 火事
accident: accident* crash* unfall* accident* incidente* acidente* авари* дтп 事故 车祸
burglary: burglar* break_in broke_in einbruch* einbrech* robo ladron* cambriol* furto ladro ladri assalto
  ограблен* взлом* 入室盗窃
  盗窃 泥棒
theft: theft* thief thieves stolen stole diebstahl* dieb gestohlen hurto robad* vole voleur* furto rubat*
  roubo roubad* краж* украл*
  украд* 偷窃 被偷 盗難
flood: flood* uberschwemm* hochwasser inundaci* inondation* alluvion* inundac* наводнен* 洪水 水灾
fight: fight* brawl* schlagerei* pelea* bagarre* rissa briga драк* 打架 喧嘩
cancellation: cancel* kundig* storn* anul* annul* disdett* отмен* 取消 キャンセル
refund: refund* ruckerstatt* erstatt* reembols* rembours* rimbors* возврат* возмест* 退款 返金
booking: book booking booked reserv* buch* gebucht prenot* бронир* 预订 预约 予約
delivery: deliver* liefer* entreg* livr* consegn* достав* 送货 配送
payment: pay paying payment* paid bezahl* zahl* pagar pago* paie* payer pagament* оплат* платеж* 付款 支払
fever: fever* fieber* fiebre fievre* febbre febre лихорадк* температур* 发烧 熱
pain: pain pains painful* schmerz* dolor* douleur* боль* 疼 痛
asthma: asthma* asma* asthme* астм* 哮喘 喘息
cold: cold_illness erkalt* schnupfen resfri* rhume raffreddor* простуд* насморк* 感冒 風邪
pregnancy: pregnan* schwanger* embaraz* enceinte incinta gravid* беремен* 怀孕 妊娠
wheeze: wheez* giemen pfeifend* sibil* siffl* хрип* 喘鸣
"""

_MUSICAL = """
staccato: staccato detached abgehackt* pique 断奏 スタッカート
legato: legato gebunden* ligad* связн* 连奏
crescendo: crescendo swell* anschwell* 渐强
vibrato: vibrato wavering 颤音
falsetto: falsetto falsett kopfstimme* fausset falset* фальцет* 假声
pizzicato: plucking
waltz: waltz* walzer* vals valse* valzer valsa вальс* 圆舞曲 ワルツ
march: march marches marching marsch* marcha* marche* marcia марш* 进行曲 行進曲
lullaby: lullab* wiegenlied* schlaflied* nana berceuse* ninnananna canc*_de_ninar колыбельн* 摇篮曲 子守唄
duet: duet* duett* duo dueto* дуэт* 二重
solo: solo soloist* unaccompanied unbegleitet* solist* сольн* соло 独奏 独唱
choir: choir* choral chorus_singers chor chore coro coros choeur* хор хора 合唱
woodwind: woodwind* holzblas* viento_madera legni 木管
tuning: out_of_tune detuned verstimmt* desafin* desaccord* scordat* расстро* 走调
improvised: improvis* импровиз* 即兴
folk: folk folkloric volkslied* popular_tune folclor* народн* 民歌 民謡
"""

_CREATURE = """
rabbit: rabbit* bunny bunnies hare hares kaninchen hase hasen conejo* lapin* conigli* coelho* кролик* заяц
  зайц* 兔 ウサギ うさぎ
fox: fox foxes vixen fuchs* zorro* zorra renard* volpe volpi raposa* лис лиса лисы лису лисиц* 狐 キツネ
deer: deer stag stags hirsch* reh ciervo* cerf* cervo* cervi veado* олен* 鹿
squirrel: squirrel* eichhornchen ardilla* ecureuil* scoiattol* esquilo* белк* 松鼠 リス
hedgehog: hedgehog* igel erizo* herisson* riccio ourico* еж ежа ежик* 刺猬
tiger: tiger* tigre* тигр* 老虎 トラ
tree_frog: tree_frog* treefrog* laubfrosch* rainette* ranita* raganell* perereca* квакш* 树蛙 アマガエル
toad: toad toads krote* sapo* crapaud* rospo rospi жаб* 蟾蜍
turtle: turtle* tortoise* schildkrote* tortuga* tortue* tartarug* черепах* 乌龟 亀
parrot: parrot* papagei* loro* perroquet* pappagall* papagaio* попуга* 鹦鹉
penguin: penguin* pinguin* pinguino* manchot* pingouin* пингвин* 企鹅 ペンギン
grasshopper: grasshopper* locust* heuschreck* grashupfer saltamont* sauterelle* cavallett* gafanhot*
  кузнечик* 蚱蜢
fly: housefly flies_insect fliege* mosca* mouche* муха мухи 苍蝇
fish: fish fishes fisch* pez peces poisson* pesce pesci peixe* рыб* 鱼 魚
"""

_PLACE = """
airport: airport* flughafen* aeropuerto* aeroport* aeroporto* аэропорт* 机场 空港
station: station bahnhof* estacion* gare stazione вокзал* станци* 车站 火车站
mall: mall shop shops store shopping einkaufs* tienda* magasin* negozi* loja* магазин* 商场 商店
market: market* markt* mercad* marche mercat* рын* базар* 市场 市場
school: school* schule* escuela* ecole* scuol* escola* школ* 学校
stadium: stadium* stadion* estadi* stade* stadi* стадион* 体育场
pub: pub pubs kneipe* taverna* паб паба 酒吧
factory: factory factories fabrik* fabrica* usine* fabbric* завод* фабрик* 工厂 工場
farm: farm* bauernhof* granja* ferme fattori* fazenda* ферм* 农场 農場
building_site: construction_site building_site baustell* obra obras chantier* cantier* стройк* 工地
zoo: zoo zoologic* зоопарк* 动物园 動物園
playground: playground* spielplatz* parque_infantil детск*_площадк*
metro: metro subway underground u_bahn* метро 地铁 地下鉄
platform: platform* bahnsteig* anden quai binario перрон* 站台
shore: shore* seaside coast* kuste* costa cote берег* побереж* 海边
"""

_KIND = """
nightingale: nightingale* nachtigall* ruisenor* rossignol* usignol* rouxinol* соловь* соловей 夜莺
cuckoo: cuckoo* kuckuck* cuco coucou* cuculo кукуш* 布谷
blackbird: blackbird* amsel* mirlo* merle* merlo* melro* дрозд* 乌鸫
woodpecker: woodpecker* specht* carpintero pic_vert picchio picapau дятел дятл* 啄木鸟
owl: owl owls eule* kauz buho* lechuza* hibou* chouette gufo coruja* сова совы сову филин* 猫头鹰
sparrow: sparrow* spatz* sperling* gorrion* moineau* passero pardal воробе* воробь* 麻雀
swallow: swallow swallows schwalbe* golondrin* hirondell* rondine andorinha* ласточк* 燕子
crow: crow crows raven* krahe* rabe raben cuervo* corbeau* corneille* corvo* ворон* 乌鸦
goose: goose geese gans ganse ganso* oie oies oca oche гус* 鹅
gull: gull* seagull* mowe* gaviota* mouette* gabbian* gaivota* чайк* 海鸥
pigeon: pigeon* dove doves taube* paloma* piccion* pombo* голуб* 鸽子
eagle: eagle* adler aguila* aigle* aquila aguia* орел орла 鹰
mosquito: mosquito* mucke* stechmucke* moustique* zanzar* pernilongo* комар* 蚊子
bat: bat bats fledermaus* murcielag* chauve_souris pipistrell* morcego* летуч*_мыш* 蝙蝠
seal: seal seals robbe* foca* phoque* тюлен* 海豹
"""

_THING = """
tram: tram* streetcar* trolley* strassenbahn* tranvi* bonde трамва* 电车 有轨
ambulance: ambulanc* krankenwagen* rettungswagen* скор*_помощ* 救护车 救急車
police: police* polizei* polici* полиц* 警车 警察
firetruck: firetruck* fire_engine* fire_truck* feuerwehr* bombero* pompier* пожарн* 消防
tractor: tractor* traktor* tracteur* trattor* трактор* 拖拉机
subway: subway* metro* underground u_bahn* метро* 地铁 地下鉄
taxi: taxi* cab cabs такси 出租车
scooter: scooter* moped* roller motorrol* самокат* 踏板
gravel: gravel* shingle kies* schotter* grava* gravill* gravier* ghiai* cascalh* грави* 碎石 砾石 砂利
sand: sand sandy arena sable sabbia areia песок песк* 沙 砂
snow: snow* schnee* nieve* neve nevoso neige* снег* снеж* 雪
grass: grass* lawn* gras rasen hierba* cesped* herbe* pelouse* erba grama трав* 草
wood: wood wooden woods timber holz* holzern* madera bois madeira legno деревян* дерево 木
metal: metal* iron steel metall* blech* acero hierro acier fer ferro acciai* стал* желез* металл* 金属 钢 铁
  鉄
plastic: plastic* kunststoff* plastik* plastico пластик* 塑料
paper: paper* papier* papel* carta бумаг* 纸 紙
stone: stone* rock_surface stein*ra* pierre* pietra pedra камен* камн* 石
carpet: carpet* rug teppich* alfombr* tapis tappet* tapet* ковр* ковер 地毯
boots: boots stiefel* botas bottes stival* сапог* ботин* 靴
heels: heels heel absatze stockelschuh* tacon* talon talons tacchi tacco каблук* 高跟
teacher: teacher* professor* lecturer* instructor* lehrer* dozent* profesor* maestr* enseignant* insegnant*
  учител*
  преподават* 老师 教师 先生
student: student* pupil* schuler* estudiante* alumn* etudiant* eleve* studente* aluno aluna alunos студент*
  ученик* ученич* 学生
doctor: doctor* physician* arzt arztin medic* medecin* врач* доктор* 医生 医師
nurse: nurse* krankenschwester* pflege* enfermer* infirm* infermier* медсестр* 护士 看護
patient: patient* pacient* pazient* пациент* 患者 病人
customer: customer* client* kunde kunden kundin клиент* покупат* 顾客 客户
politician: politic* politik* политик* 政治家
reporter: reporter* journalist* periodist* journaliste* giornalist* jornalist* журналист* репорт* 记者
pilot: pilot* flugkapitan* пилот* 飞行员
football: football* soccer fussball* futbol* calcio futebol* футбол* 足球 サッカー
"""

THINGS = (_CASE, _MUSICAL, _CREATURE, _PLACE, _KIND, _THING)
