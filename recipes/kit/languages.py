"""Language codes and their English names: two letters of ISO 639-1 where it has the language, else ISO 639-3.

Covers VoxLingua107, Whisper, FLEURS and the languages that Common Voice names (web/locales/en in its repository). The
old codes `iw`, `jw` are `he`, `jv` here.
"""

_TABLE = """
aa Afar | ab Abkhazian | af Afrikaans | ak Akan | am Amharic | an Aragonese | ar Arabic | as Assamese
ast Asturian | av Avaric | ay Aymara | az Azerbaijani | ba Bashkir | be Belarusian | bg Bulgarian
bm Bambara | bn Bengali | bo Tibetan | br Breton | bs Bosnian | ca Catalan | ce Chechen | ceb Cebuano
ckb Central Kurdish | co Corsican | cs Czech | cv Chuvash | cy Welsh | da Danish | de German | dv Dhivehi
dz Dzongkha | ee Ewe | el Greek | en English | eo Esperanto | es Spanish | et Estonian | eu Basque
fa Persian | ff Fulah | fi Finnish | fil Filipino | fj Fijian | fo Faroese | fr French
fy Western Frisian | ga Irish | gd Scottish Gaelic | gl Galician | gn Guarani | gu Gujarati | gv Manx
ha Hausa | haw Hawaiian | he Hebrew | hi Hindi | hr Croatian | hsb Upper Sorbian | ht Haitian Creole
hu Hungarian | hy Armenian | ia Interlingua | id Indonesian | ig Igbo | io Ido | is Icelandic
it Italian | iu Inuktitut | ja Japanese | jv Javanese | ka Georgian | kab Kabyle | kam Kamba
kea Kabuverdianu | kg Kongo | ki Kikuyu | kk Kazakh | kl Greenlandic | km Khmer | kmr Northern Kurdish
kn Kannada | ko Korean | ks Kashmiri | ku Kurdish | kw Cornish | ky Kyrgyz | la Latin | lb Luxembourgish
lg Ganda | ln Lingala | lo Lao | lt Lithuanian | luo Luo | lv Latvian | mg Malagasy | mi Maori
mk Macedonian | ml Malayalam | mn Mongolian | mr Marathi | ms Malay | mt Maltese | my Burmese
nb Norwegian Bokmål | nd North Ndebele | ne Nepali | nl Dutch | nn Norwegian Nynorsk | no Norwegian
nr South Ndebele | nso Northern Sotho | nv Navajo | ny Nyanja | oc Occitan | om Oromo | or Odia
os Ossetian | pa Punjabi | pl Polish | ps Pashto | pt Portuguese | qu Quechua | rm Romansh | rn Rundi
ro Romanian | ru Russian | rw Kinyarwanda | sa Sanskrit | sah Yakut | sc Sardinian | sco Scots
sd Sindhi | se Northern Sami | sg Sango | si Sinhala | sk Slovak | sl Slovenian | sm Samoan | sn Shona
so Somali | sq Albanian | sr Serbian | ss Swati | st Southern Sotho | su Sundanese | sv Swedish
sw Swahili | ta Tamil | te Telugu | tg Tajik | th Thai | ti Tigrinya | tk Turkmen | tl Tagalog
tn Tswana | to Tongan | tr Turkish | ts Tsonga | tt Tatar | ty Tahitian | ug Uyghur | uk Ukrainian
umb Umbundu | ur Urdu | uz Uzbek | ve Venda | vi Vietnamese | vo Volapük | wa Walloon | war Waray
wo Wolof | xh Xhosa | yi Yiddish | yo Yoruba | yue Cantonese | za Zhuang | zh Chinese | zu Zulu
ady Adyghe | bas Basaa | byv Medumba | cnh Hakha Chin | dav Taita | dyu Dyula | kbd Kabardian | lij Ligurian
ltg Latgalian | mai Maithili | mdf Moksha | mhr Meadow Mari | mrj Hill Mari | myv Erzya | nan Min Nan
quy Ayacucho Quechua | skr Saraiki | tig Tigre | tok Toki Pona | tw Twi | vot Votic | zgh Moroccan Tamazight
zza Zaza
abb Bankon | ace Acehnese | arn Mapudungun | azz Highland Puebla Nahuatl | bal Balochi | bax Bamun
bba Baatonum | bbj Ghomala | bci Baoulé | beb Bamvele | bfd Bafut | bkm Kom | bnm Batanga | bri Mokpwe
bum Bulu | bxr Buryat | cak Kaqchikel | cdo Eastern Min | crh Crimean Tatar | cut Teutila Cuicatec
cux Tepeuxila Cuicatec | dag Dagbani | dar Dargwa | dsb Lower Sorbian | dua Duala | ebr Ebrié | eto Eton
ewo Ewondo | fan Fang | fub Adamawa Fulfulde | fue Borgu Fulfulde | fuf Pular | gom Goan Konkani
gos Gronings | guc Wayuu | gya Northwest Gbaya | hil Hiligaynon | hyw Western Armenian | ibb Ibibio
ie Interlingue | izh Izhorian | jbo Lojban | kaa Karakalpak | kln Kalenjin | knn Konkani | kpv Komi-Zyrian
ksf Bafia | lzz Laz | mbo Mbo | mni Meitei | mos Mossi | mxu Mada | nhe Eastern Huasteca Nahuatl
nhi Western Sierra Puebla Nahuatl | nia Nias | nnh Ngiemboon | nqo N'Ko | nyn Nyankole | pap Papiamento
pcm Nigerian Pidgin | pua Western Highland Purepecha | quc K'iche' | qvi Kichwa | qxp Puno Quechua
rif Tarifit | sat Santali | scn Sicilian | sdh Southern Kurdish | sei Seri | shi Shilha | shn Shan
snk Soninke | syr Syriac | teg Teke | tui Tupuri | tvu Tunen | tyv Tuvan | uby Ubykh | udm Udmurt
vec Venetian | vmw Makhuwa | wep Westphalian | wes Cameroon Pidgin | bew Betawi | fur Friulian
gsw Swiss German | kdh Tem | koi Komi-Permyak | lus Mizo | pai Paiwan | rup Aromanian | ruc Ruuli
sma Southern Sami | snv Sa'ban | syl Sylheti | tob Toba | trw Torwali | trv Taroko | tsz Purepecha
xmf Mingrelian | yaq Yaqui | yua Yucatec Maya | bsh Kati | bft Balti | meh Southwestern Tlaxiaco Mixtec
mmc Michoacán Mazahua | ppl Nahuat Pipil | top Papantla Totonac | zoc Copainalá Zoque
"""

LANGUAGES: dict[str, str] = dict(
    entry.strip().split(" ", 1) for line in _TABLE.strip().splitlines() for entry in line.split("|")
)
"""Code -> English name."""


def language_name(code: str) -> str:
    """The English name of a language; a region is left out (`es-mx` -> `Spanish`)."""
    return LANGUAGES[code.partition("-")[0]]


def speaks(spoken: str, language: str) -> bool:
    """Whether a code is of the language that is asked for, in letters of any case; `es` also takes `es-mx`."""
    language = language.lower()
    return spoken == language or spoken.startswith(f"{language}-")
