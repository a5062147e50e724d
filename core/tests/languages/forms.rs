//! Forms of words by language: the language, how many pairs of forms there are and how many of them meet, and the
//! families: the first form of a word and the others that should meet it, between strokes.

pub(crate) const FORMS: [(&str, usize, usize, &str); 17] = [
    (
        "arabic",
        35,
        30,
        "كتاب/الكتاب/بالكتاب/والكتاب كِتَاب/كتاب مدرسة/المدرسة/مدرسه معلم/المعلم/معلمون/معلمين سيارة/السيارة/سيارات \
         مهندس/المهندس/مهندسين مدينة/المدينة صديق/الصديق/صديقي بيت/البيت/بيتي قهوة/القهوة طبيب/الطبيب أحمد/احمد \
         إسلام/اسلام مستشفى/المستشفى شركة/الشركة جامعة/الجامعة لغة/اللغة كـــتاب/كتاب موسيقى/الموسيقى قطة/القطة \
         زوجة/زوجتي/زوجته مكتب/المكتب/مكتبه سفر/السفر مطار/المطار",
    ),
    (
        "danish",
        45,
        38,
        "hus/huset/husene/huse bil/bilen/biler/bilerne pige/pigen/piger/pigerne dreng/drengen/drenge kat/katten/katte \
         skole/skolen/skoler arbejde/arbejder/arbejdet rejse/rejser/rejsen bog/bogen køb/købe/køber blomst/blomster/blomsten \
         læge/lægen/læger by/byen/byer sø/søen/søer øl/øllet kaffe/kaffen ven/venner/vennen familie/familien/familier \
         hund/hunden/hunde cykel/cykler/cyklen spiser/spise søster/søsteren kærlighed/kærligheden elsker/elske lærer/læreren",
    ),
    (
        "dutch",
        29,
        17,
        "huis/huizen boek/boeken fiets/fietsen kat/katten hond/honden school/scholen auto/autos kind/kinderen \
         vriend/vrienden/vriendelijk werk/werken/werkt stad/steden reis/reizen koffie/koffies idee/ideeën \
         leraar/leraren dokter/dokters bloem/bloemen woon/wonen/woont maan/manen lopen/loopt tuin/tuinen \
         café/cafés ziekenhuis/ziekenhuizen taal/talen keuken/keukens moeder/moeders",
    ),
    (
        "finnish",
        58,
        46,
        "talo/talon/talossa/taloon/talot koira/koiran/koirat/koiralla kissa/kissan/kissat auto/auton/autolla/autossa \
         kylä/kylän/kylässä/kylästä/kyla koulu/koulussa/koulun/kouluun ystävä/ystävän/ystävät/ystävälle \
         kahvi/kahvin/kahvia työ/työn/työssä lääkäri/lääkärin/lääkärille opettaja/opettajan/opettajat \
         kirja/kirjan/kirjat/kirjassa pöytä/pöydällä/pöydän kaupunki/kaupungin/kaupungissa Helsinki/Helsingin/Helsingissä \
         äiti/äidin/äidille sisko/siskon/siskolle musiikki/musiikin/musiikkia sauna/saunan/saunassa/saunaan \
         järvi/järven/järvellä pyörä/pyörän/pyörällä metsä/metsän/metsässä silta/sillan lapsi/lapsen juna/junan/junalla",
    ),
    (
        "french",
        51,
        50,
        "maison/maisons chat/chats école/écoles/ecole mangé/manger/mangée/mangées/mange divisé/divisée/divisées/diviser \
         préféré/préférée/preferee année/années/annee premier/première/premiere cheval/chevaux qualité/qualités/qualite \
         voyage/voyages/voyager/voyagé travaille/travailler/travaillait/travaillé université/universités \
         infirmière/infirmières/infirmiere étudiant/étudiants/étudiante déménagé/déménager/déménagea habite/habiter/habitait \
         café/cafés/cafe naissance/naissances heureux/heureuse vélo/vélos réunion/réunions allergie/allergies \
         allergique/allergiques né/née/nés cœur/coeur/cœurs œuvre/oeuvres forêt/forêts/foret théâtre/theatres",
    ),
    (
        "german",
        50,
        47,
        "Haus/Häuser/Hauses/Hause/Hauser Kind/Kinder/Kindern/Kindes Katze/Katzen Hund/Hunde/Hunden Straße/Straßen/Strasse \
         Wohnung/Wohnungen Freund/Freunde/Freunden Freundin/Freundinnen Apfel/Äpfel/Äpfeln Buch/Bücher/Büchern/Bucher \
         arbeite/arbeiten/arbeitest/Arbeit Arzt/Ärzte/Arztes Stadt/Städte/Stadte Lehrer/Lehrern Lehrerin/Lehrerinnen \
         Reise/Reisen/reisen Vogel/Vögel Universität/Universitäten/Universitat schön/schöner/schöne/schon grün/grüne/grünes \
         Fuß/Füße/Fuss Kuchen/Kuchens Mutter/Mütter Garten/Gärten Tochter/Töchter wohne/wohnen Prüfung/Prüfungen Zug/Züge/Zügen",
    ),
    (
        "greek",
        47,
        43,
        "δρόμος/δρόμου/δρόμο/δρόμοι/ΔΡΟΜΟΣ/δρομος σπίτι/σπιτιού/σπίτια/σπιτι γάτα/γάτες/γάτας/γατα σκύλος/σκύλου/σκύλο/σκύλοι \
         Αθήνα/Αθήνας/ΑΘΗΝΑ βιβλίο/βιβλία/βιβλίου σχολείο/σχολεία/σχολείου γιατρός/γιατρού/γιατροί φίλος/φίλου/φίλοι/φίλο \
         δάσκαλος/δασκάλου/δάσκαλο μουσική/μουσικής θάλασσα/θάλασσας/θάλασσες καφές/καφέ δουλειά/δουλειές/δουλειάς \
         αυτοκίνητο/αυτοκίνητα/αυτοκινήτου πόλη/πόλης χώρα/χώρες/χώρας αδελφή/αδελφής μένω/μένει κόρη/κόρης \
         ταξίδι/ταξίδια/ταξιδιού ποδήλατο/ποδήλατα γλώσσα/γλώσσες παραλία/παραλίες μαθητής/μαθητές",
    ),
    (
        "hungarian",
        73,
        58,
        "ház/házak/házban/házból/háznál/hazbol kutya/kutyák/kutyát/kutyám/kutyával/kutyának macska/macskák/macskát/macskám \
         alma/almák/almát/almában/almából barát/barátok/barátnak/baráttal/baratok könyv/könyvek/könyvet/könyvből \
         iskola/iskolák/iskolában/iskolából/iskolától város/városok/városban/városból/városról \
         orvos/orvosok/orvosnak/orvostól tanár/tanárok/tanárnak/tanárnál kávé/kávét/kávéból/kavet autó/autók/autót/autóval \
         kert/kertek/kertben/kertből virág/virágok/virágot zene/zenét/zenéről/zenének testvér/testvérek/testvérnek/testvérről \
         asztal/asztalok/asztalnál/asztalról vonat/vonatok/vonattal Budapest/Budapesten/Budapestről/Budapestről \
         munka/munkák/munkát/munkából feleség/feleségnek kés/kések egyetem/egyetemek/egyetemen/egyetemről híd/hidak/hídról",
    ),
    (
        "italian",
        42,
        40,
        "casa/case gatto/gatti/gatta cane/cani scuola/scuole libro/libri città/citta lavoro/lavori/lavorare/lavorava/lavorato \
         mangiare/mangiato/mangia/mangiava amico/amica università/universita medico/medici viaggio/viaggi/viaggiare \
         mela/mele studente/studenti/studentessa perché/perche macchina/macchine abitare/abito/abitava/abitato caffè/caffe \
         fratello/fratelli sorella/sorelle parlò/parlare/parlato/parlo nata/nato/nati bicicletta/biciclette \
         infermiera/infermiere/infermieri settimana/settimane felicità/felicita lingua/lingue montagna/montagne",
    ),
    (
        "norwegian",
        45,
        36,
        "hus/huset/husene bil/bilen/biler/bilene jente/jenta/jenter/jentene gutt/gutten/gutter katt/katten/katter \
         skole/skolen/skoler arbeid/arbeidet bok/boka reise/reiser/reisen blomst/blomster/blomsten lege/legen/leger \
         by/byen/byer sjø/sjøen/sjøer kaffe/kaffen venn/venner/vennen familie/familien/familier hund/hunden/hunder \
         sykkel/sykkelen båt/båten/båter/bat øy/øya/øyer søster/søsteren lærer/læreren/lærere fjell/fjellet hytte/hytta/hytter",
    ),
    (
        "portuguese",
        49,
        46,
        "casa/casas gato/gatos/gata cão/cao coração/corações/coracao/coracoes canção/canções/cancao irmão/irmao \
         estação/estações/estacao/estacoes limão/limões/limao reunião/reuniões/reuniao avião/aviões viagem/viagens \
         trabalho/trabalhar/trabalhava/trabalhou amigo/amigos/amiga médico/médicos/medico hospital/hospitais \
         informação/informações/informacoes responsável/responsáveis/responsavel experiência/experiências/experiencia \
         universidade/universidades nasceu/nascer/nasceram comeu/comer/comia livro/livros escola/escolas \
         morava/morar/morou/moram irmã/irmãs/irma São/Sao português/portugues carro/carros prisão/prisões",
    ),
    (
        "romanian",
        60,
        55,
        "casă/casa/case/casele pisică/pisica/pisici/pisicile câine/câini/câinele/caine carte/cartea școală/școala/scoala \
         oraș/oras/orașul/orasul mașină/mașina/mașini/masini/mașinile prieten/prieteni/prietenul/prietenii/prietenilor \
         lucrează/lucreaza/lucra/lucrat medic/medicul/medicii/medici doctor/doctorul/doctori student/studenți/studentul \
         universitate/universitatea muncă/munca/munci grădină/grădina/gradina/grădini floare/floarea București/Bucuresti \
         situație/situația/situatia/situații vorbește/vorbeste/vorbesc/vorbi mulțumesc/multumesc/mulțumește soră/sora \
         limbă/limba/limbi locuiește/locuieste/locuiesc/locui copil/copii profesor/profesorul/profesori telefon/telefonul/telefoane",
    ),
    (
        "russian",
        73,
        69,
        "дом/дома/домой/домов/домом кошка/кошки/кошку/кошкой собака/собаки/собаку/собакой книга/книги/книгу/книгой \
         новый/новая/новое/новые/нового синий/синяя/синего/синие ёлка/елка/ёлки/елки самолёт/самолет/самолёты/самолетом \
         работаю/работает/работать/работал/работала школа/школы/школу/школе врач/врача/врачу/врачи \
         учитель/учителя/учителю/учителем музей/музея/музеи/музее трамвай/трамвая/трамваи Москва/Москвы/Москве/Москву \
         музыка/музыки/музыку красивый/красивая/красивой/красивую живу/живёт/живет жена/жены/жену/женой \
         город/города/городе/городом машина/машины/машину/машиной подруга/подруги/подругу зелёный/зеленый/зелёная/зеленого \
         русский/русская/русского/русскому чай/чая/чаю",
    ),
    (
        "spanish",
        61,
        60,
        "casa/casas gato/gatos/gata canción/canciones/cancion estación/estaciones/estacion habitación/habitaciones/habitacion \
         información/informacion nació/nacer/nacía/nacio vivió/vivir/vivía/vivo comió/comer/comía/comían/comia \
         trabajo/trabajar/trabajaba/trabajó/trabajo médico/médicos/medico universidad/universidades avión/aviones/avion \
         compró/comprar/compraba/compro habló/hablar/hablaba salió/salir/salía/salio niño/niños/nino año/años/ano \
         corazón/corazones/corazon historia/historias reunión/reuniones/reunion librería/librerías/libreria \
         camión/camiones enfermera/enfermeras dirección/direcciones/direccion jardín/jardines/jardin lápiz/lapiz \
         biología/biologia familia/familias decisión/decisiones/decision estudió/estudiar/estudia",
    ),
    (
        "swedish",
        50,
        43,
        "hus/huset/husen bil/bilen/bilar/bilarna flicka/flickan/flickor/flickorna pojke/pojken/pojkar katt/katten/katter \
         skola/skolan/skolor arbete/arbetet/arbetar bok/boken resa/resan/resor blomma/blommor/blomman läkare/läkaren/lakare \
         sjö/sjön kaffe/kaffet vän/vänner/vännen/vanner familj/familjen/familjer hund/hunden/hundar cykel/cykeln/cyklar \
         syster/systern lärare/läraren/larare björn/björnen/björnar/bjorn ö/öar båt/båten/båtar/baten kärlek/kärleken \
         trädgård/trädgården/trädgårdar tåg/tåget/tag språk/språket",
    ),
    (
        "tamil",
        12,
        10,
        "வீடு/வீடுகள் நண்பர்/நண்பர்கள்/நண்பரை மரம்/மரங்கள் பூனை/பூனைகள் புத்தகம்/புத்தகங்கள் ஆசிரியர்/ஆசிரியர்கள்/ஆசிரியரை \
         மருத்துவர்/மருத்துவர்கள் பாடல்/பாடல்கள் நாய்/நாய்கள் கார்/கார்கள்",
    ),
    (
        "turkish",
        81,
        71,
        "ev/evler/evde/evden/evi/evin kitap/kitaplar/kitabı/kitabi/kitapta/kitapları kedi/kediler/kediyi/kedinin \
         köpek/köpekler/köpeği/kopek/kopegi okul/okullar/okulda/okulu/okuldan çocuk/çocuklar/çocuğu/çocukları/cocuklar/cocugu \
         gözlük/gözlükler/gözlüğü/gozluk arkadaş/arkadaşlar/arkadaşım/arkadasi kız/kızlar/kızı/kizi/kizlar \
         ışık/ışıklar/ışığı/isik/isigi IŞIK/ışık İstanbul/istanbul/Istanbul şehir/şehirler/şehirde/sehirde \
         doktor/doktorlar/doktoru öğretmen/öğretmenler/öğretmeni/ogretmeni deniz/denizler/denizde/denizi araba/arabalar/arabada/arabası \
         kuş/kuşlar/kuşu/kuslar gün/günler/günde/gunler ağaç/ağaçlar/ağacı/agaci kapı/kapılar/kapıyı/kapi \
         iş/işler/işi/isler kahve/kahveler/kahveyi bahçe/bahçede/bahçeler/bahceler müzik/müziği/muzigi üniversite/üniversiteler/universiteler",
    ),
];
