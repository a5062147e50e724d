//! Word lists: what a noun or an adjective after a verb says of a person.
//!
//! Every list is in ascending order, so that it can be searched.

/// Nationalities, as adjectives.
#[rustfmt::skip]
pub(super) const NATIONALITIES: [&str; 154] = [
    "afghan", "albanian", "algerian", "american", "andorran", "angolan", "argentine", "argentinian",
    "armenian", "australian", "austrian", "azerbaijani", "bahraini", "bangladeshi", "basque", "belarusian",
    "belgian", "bolivian", "bosnian", "brazilian", "british", "bulgarian", "burmese", "cambodian",
    "cameroonian", "canadian", "catalan", "chilean", "chinese", "colombian", "congolese", "costa rican",
    "croatian", "cuban", "cypriot", "czech", "danish", "dominican", "dutch", "ecuadorian", "egyptian",
    "emirati", "english", "eritrean", "estonian", "ethiopian", "filipina", "filipino", "finnish", "french",
    "georgian", "german", "ghanaian", "greek", "guatemalan", "haitian", "honduran", "hungarian", "icelandic",
    "indian", "indonesian", "iranian", "iraqi", "irish", "israeli", "italian", "ivorian", "jamaican",
    "japanese", "jordanian", "kazakh", "kenyan", "korean", "kosovar", "kurdish", "kuwaiti", "kyrgyz", "lao",
    "latvian", "lebanese", "liberian", "libyan", "lithuanian", "luxembourgish", "macedonian", "malagasy",
    "malaysian", "maltese", "mauritian", "mexican", "moldovan", "mongolian", "montenegrin", "moroccan",
    "mozambican", "namibian", "nepalese", "nepali", "new zealander", "nicaraguan", "nigerian",
    "north korean", "norwegian", "omani", "pakistani", "palestinian", "panamanian", "paraguayan", "persian",
    "peruvian", "polish", "portuguese", "puerto rican", "qatari", "romanian", "russian", "rwandan",
    "salvadoran", "saudi", "scottish", "senegalese", "serbian", "singaporean", "slovak", "slovakian",
    "slovene", "slovenian", "somali", "south african", "south korean", "spanish", "sri lankan", "sudanese",
    "swedish", "swiss", "syrian", "taiwanese", "tajik", "tanzanian", "thai", "tibetan", "tunisian",
    "turkish", "turkmen", "ugandan", "ukrainian", "uruguayan", "uzbek", "venezuelan", "vietnamese", "welsh",
    "yemeni", "zambian", "zimbabwean",
];

/// Languages that people speak.
#[rustfmt::skip]
pub(super) const LANGUAGES: [&str; 104] = [
    "afrikaans", "albanian", "amharic", "arabic", "armenian", "asl", "basque", "belarusian", "bengali",
    "bosnian", "brazilian portuguese", "breton", "bulgarian", "burmese", "cantonese", "catalan", "chinese",
    "corsican", "croatian", "czech", "danish", "dutch", "english", "esperanto", "estonian", "farsi",
    "finnish", "flemish", "french", "frisian", "gaelic", "galician", "georgian", "german", "greek",
    "gujarati", "haitian creole", "hausa", "hawaiian", "hebrew", "hindi", "hungarian", "icelandic", "igbo",
    "indonesian", "irish", "italian", "japanese", "javanese", "kannada", "kazakh", "khmer", "korean",
    "kurdish", "lao", "latin", "latvian", "lithuanian", "luxembourgish", "macedonian", "malay", "malayalam",
    "maltese", "mandarin", "mandarin chinese", "maori", "marathi", "mongolian", "nepali", "norwegian",
    "pashto", "persian", "polish", "portuguese", "punjabi", "quechua", "romanian", "russian", "serbian",
    "sign language", "sinhala", "slovak", "slovene", "slovenian", "somali", "spanish", "swahili", "swedish",
    "swiss german", "tagalog", "tamil", "telugu", "thai", "tibetan", "turkish", "ukrainian", "urdu", "uzbek",
    "vietnamese", "welsh", "xhosa", "yiddish", "yoruba", "zulu",
];

/// How one can feel.
#[rustfmt::skip]
pub(super) const FEELINGS: [&str; 131] = [
    "afraid", "amazed", "amused", "angry", "annoyed", "anxious", "apprehensive", "ashamed", "astonished",
    "awful", "better", "bitter", "blue", "bored", "bummed", "burned out", "burnt out", "burnt-out", "calm",
    "cheerful", "confident", "confused", "content", "cranky", "curious", "dejected", "delighted",
    "depressed", "devastated", "disappointed", "discouraged", "distracted", "dizzy", "down", "drained",
    "ecstatic", "edgy", "elated", "embarrassed", "energetic", "energized", "excited", "exhausted",
    "fantastic", "fatigued", "fed up", "frightened", "frustrated", "furious", "gloomy", "good", "grateful",
    "great", "grumpy", "guilty", "happy", "heartbroken", "homesick", "hopeful", "hopeless", "hungry", "hurt",
    "insecure", "inspired", "irritable", "irritated", "isolated", "jealous", "jet-lagged", "jetlagged",
    "jittery", "joyful", "lonely", "lost", "low", "mad", "melancholic", "miserable", "moody", "motivated",
    "nauseous", "nervous", "nostalgic", "numb", "on edge", "optimistic", "over the moon", "overjoyed",
    "overwhelmed", "overworked", "panicky", "peaceful", "pessimistic", "proud", "refreshed", "relaxed",
    "relieved", "rested", "restless", "sad", "scared", "serene", "sick", "sleepy", "sluggish", "sore",
    "stressed", "stressed out", "stuck", "surprised", "tense", "terrible", "terrified", "thankful",
    "thirsty", "thrilled", "tired", "touched", "under the weather", "uneasy", "unhappy", "unmotivated",
    "unsettled", "unwell", "upset", "weak", "weary", "well", "wonderful", "worn out", "worried",
];

/// Illnesses and lasting conditions.
#[rustfmt::skip]
pub(super) const CONDITIONS: [&str; 133] = [
    "acid reflux", "acne", "add", "adhd", "aids", "allergies", "alzheimer's", "anaemia", "anemia", "anxiety",
    "arrhythmia", "arthritis", "asthma", "autism", "back pain", "bad back", "bad knee", "bipolar",
    "bipolar disorder", "bronchitis", "bursitis", "cancer", "carpal tunnel", "cataracts", "celiac",
    "celiac disease", "cerebral palsy", "chronic fatigue", "chronic pain", "coeliac disease", "colitis",
    "color blindness", "colour blindness", "copd", "covid", "crohn's", "crohn's disease", "cystic fibrosis",
    "dementia", "depression", "diabetes", "dyscalculia", "dyslexia", "dyspraxia", "eczema", "endometriosis",
    "epilepsy", "fibromyalgia", "gallstones", "gastritis", "gerd", "glaucoma", "gout", "graves' disease",
    "hashimoto's", "hay fever", "heart condition", "heart disease", "heart murmur", "hemophilia",
    "hepatitis", "hernia", "herniated disc", "high blood pressure", "high cholesterol", "hiv",
    "hypertension", "hyperthyroidism", "hypoglycemia", "hypotension", "hypothyroidism", "ibs", "insomnia",
    "kidney stones", "knee pain", "leukemia", "low blood pressure", "lupus", "lyme disease", "lymphoma",
    "malaria", "meniere's", "migraine", "migraines", "mono", "ms", "multiple sclerosis", "narcolepsy",
    "neuropathy", "obesity", "ocd", "osteoarthritis", "osteoporosis", "panic attacks", "panic disorder",
    "parkinson's", "parkinson's disease", "pcos", "plantar fasciitis", "pneumonia", "pollen allergy",
    "prediabetes", "psoriasis", "ptsd", "reflux", "restless legs", "rheumatoid arthritis", "rosacea",
    "sciatica", "scoliosis", "seasonal affective disorder", "seasonal allergies", "shingles",
    "sickle cell anemia", "sinusitis", "sleep apnea", "sleep apnoea", "slipped disc", "social anxiety",
    "stroke", "tendinitis", "tendonitis", "thyroid", "tinnitus", "tourette's", "tuberculosis",
    "type 1 diabetes", "type 2 diabetes", "ulcer", "ulcerative colitis", "ulcers", "vertigo", "vitiligo",
];

/// Diets that a person is on.
#[rustfmt::skip]
pub(super) const DIETS: [&str; 29] = [
    "carnivore", "dairy free", "dairy-free", "flexitarian", "fruitarian", "gluten free", "gluten-free",
    "halal", "keto", "kosher", "lacto-vegetarian", "low carb", "low-carb", "low-fodmap", "macrobiotic",
    "omnivore", "omnivorous", "ovo-vegetarian", "paleo", "pescatarian", "pescetarian", "plant based",
    "plant-based", "raw vegan", "sugar free", "sugar-free", "vegan", "vegetarian", "veggie",
];

/// Words for a person's character.
#[rustfmt::skip]
pub(super) const TRAITS: [&str; 129] = [
    "adventurous", "ambitious", "ambivert", "analytical", "animal lover", "assertive", "beach person",
    "bookish", "bookworm", "calm person", "cat person", "chatterbox", "city person", "clumsy",
    "coffee person", "competitive", "control freak", "creative", "curious person", "daydreamer",
    "detail-oriented", "details person", "disciplined", "disorganised", "disorganized", "dog person",
    "dreamer", "early bird", "early riser", "early-bird", "easy-going", "easygoing", "empathetic",
    "environmentalist", "extravert", "extraverted", "extrovert", "extroverted", "fast learner", "feminist",
    "foodie", "forgetful", "free spirit", "frugal", "geek", "generous", "hard worker", "hard-working",
    "hardworking", "heavy sleeper", "hoarder", "homebody", "hopeless romantic", "idealist", "impatient",
    "impulsive", "indecisive", "independent", "introvert", "introverted", "lazy", "light sleeper",
    "lone wolf", "loner", "messy", "methodical", "meticulous", "minimalist", "morning person", "neat freak",
    "nerd", "nerdy", "night owl", "night person", "night-owl", "open-minded", "optimist", "organised",
    "organized", "outgoing", "overachiever", "overthinker", "pacifist", "patient", "people person",
    "people pleaser", "people-pleaser", "perfectionist", "pessimist", "picky eater", "planner",
    "planner type", "pragmatic", "private person", "procrastinator", "punctual", "quick learner", "quiet",
    "realist", "reserved", "risk taker", "risk-taker", "romantic", "sceptic", "self-conscious", "sensitive",
    "sentimental", "shy", "skeptic", "skeptical", "slow learner", "slow reader", "sociable",
    "social butterfly", "soft-spoken", "spontaneous", "stubborn", "superstitious", "talkative", "tea person",
    "team player", "thrifty", "thrill seeker", "thrill-seeker", "tidy", "traditionalist", "visual learner",
    "workaholic", "worrier",
];

/// Religious belongings.
#[rustfmt::skip]
pub(super) const RELIGIONS: [&str; 31] = [
    "adventist", "agnostic", "anglican", "atheist", "baptist", "buddhist", "catholic", "christian",
    "episcopalian", "evangelical", "hindu", "jain", "jewish", "lutheran", "methodist", "mormon", "muslim",
    "orthodox christian", "pagan", "pentecostal", "presbyterian", "protestant", "quaker", "roman catholic",
    "shia", "shinto", "sikh", "sunni", "taoist", "wiccan", "zoroastrian",
];

/// Animals that people keep, in the singular.
#[rustfmt::skip]
pub(super) const PETS: [&str; 81] = [
    "axolotl", "beagle", "bearded dragon", "bird", "border collie", "budgie", "bulldog", "bunny", "canary",
    "cat", "chameleon", "chicken", "chihuahua", "chinchilla", "cockatiel", "cockatoo", "collie", "corgi",
    "cow", "dachshund", "dalmatian", "dog", "donkey", "duck", "ferret", "fish", "french bulldog", "frog",
    "gecko", "gerbil", "german shepherd", "goat", "golden retriever", "goldfish", "goose", "greyhound",
    "guinea pig", "hamster", "hedgehog", "hen", "horse", "husky", "iguana", "kitten", "kitty", "labrador",
    "lizard", "lovebird", "macaw", "maine coon", "mouse", "mule", "parakeet", "parrot", "persian cat", "pig",
    "pigeon", "pony", "poodle", "pug", "puppy", "rabbit", "rat", "rescue dog", "retriever", "rooster",
    "rottweiler", "schnauzer", "sheep", "sheepdog", "siamese cat", "snail", "snake", "spaniel", "spider",
    "tabby", "tarantula", "terrier", "tortoise", "turtle", "whippet",
];

/// Things that a person can own.
#[rustfmt::skip]
pub(super) const BELONGINGS: [&str; 234] = [
    "3d printer", "accordion", "acoustic guitar", "air fryer", "allotment", "apartment", "aquarium",
    "backpack", "bakery", "balcony", "banjo", "bar", "barbecue", "bass", "bass guitar", "beach house", "bed",
    "beehive", "beehives", "bicycle", "bike", "boat", "bonsai", "bookshelf", "bookshop", "bread machine",
    "bungalow", "bus", "bus pass", "business", "cabin", "cafe", "café", "camera", "camper", "campervan",
    "canoe", "car", "car seat", "caravan", "cello", "chainsaw", "chess set", "clarinet", "coffee machine",
    "coffee maker", "coin collection", "company", "computer", "condo", "console", "convertible", "cottage",
    "credit card", "darkroom", "dash cam", "desktop", "dishwasher", "driver's license", "driving licence",
    "driving license", "drone", "drum kit", "drum set", "duplex", "e-bike", "e-reader", "ebike",
    "electric bike", "electric car", "electric guitar", "espresso machine", "farm", "film camera",
    "fireplace", "fish tank", "flat", "flute", "food truck", "franchise", "freezer", "fridge", "gallery",
    "gaming pc", "garage", "garden", "greenhouse", "grill", "guitar", "gun", "gym membership", "harp",
    "hatchback", "headphones", "headset", "hearing aid", "herb garden", "holiday home", "hot tub", "hotel",
    "house", "house plant", "houseboat", "houseplants", "hybrid", "ice cream maker", "ipad", "iphone",
    "jacuzzi", "jeep", "kayak", "keyboard", "kiln", "kindle", "land", "laptop", "lawn mower", "library card",
    "loft", "loom", "macbook", "mandolin", "mansion", "mechanical keyboard", "microscope", "minivan",
    "mobile home", "monitor", "moped", "motor home", "motorbike", "motorboat", "motorcycle", "motorhome",
    "musical instrument", "nintendo switch", "oboe", "orchard", "oven", "paddleboard", "painting",
    "passport", "pc", "phone", "piano", "pickup", "pickup truck", "plane", "playstation", "pool",
    "pottery wheel", "printer", "projector", "raspberry pi", "record collection", "record player",
    "restaurant", "rice cooker", "rowing machine", "rv", "sailboat", "sauna", "saxophone", "scooter",
    "sedan", "server", "sewing machine", "shed", "shop", "shop front", "shotgun", "skateboard", "skis",
    "smart tv", "smartphone", "smartwatch", "sneakers", "snowboard", "sofa", "soundbar", "sports car",
    "stamp collection", "standing desk", "steam deck", "store", "studio", "suit", "summer house",
    "surfboard", "suv", "swimming pool", "synth", "synthesizer", "tablet", "telescope", "television", "tent",
    "timeshare", "tiny house", "toolbox", "tools", "tractor", "trailer", "trampoline", "treadmill",
    "tricycle", "trombone", "truck", "trumpet", "turntable", "tv", "typewriter", "ukulele", "unicycle",
    "vacation home", "vacuum cleaner", "van", "vegetable garden", "vespa", "villa", "vineyard",
    "vinyl collection", "viola", "violin", "wagon", "wardrobe", "washing machine", "watch", "wheelchair",
    "windsurf board", "winery", "workbench", "xbox", "yacht",
];

/// What somebody can be able to do, by its first word.
#[rustfmt::skip]
pub(super) const ABILITIES: [&str; 57] = [
    "bake", "breakdance", "carve", "climb", "code", "cook", "crochet", "cycle", "dance", "deadlift", "debug",
    "dive", "draw", "drive", "embroider", "fence", "fish", "fly", "freestyle", "hunt", "ice", "ice-skate",
    "improvise", "juggle", "knit", "lip-read", "moonwalk", "multitask", "paint", "play", "program", "ride",
    "rollerblade", "row", "sail", "sculpt", "sew", "sing", "skate", "skateboard", "ski", "snowboard",
    "solve", "speak", "surf", "swim", "tap-dance", "touch-type", "translate", "weave", "weld", "whistle",
    "whittle", "wiggle", "windsurf", "write", "yodel",
];

/// Medicines.
#[rustfmt::skip]
pub(super) const DRUGS: [&str; 128] = [
    "acetaminophen", "adderall", "advil", "albuterol", "allopurinol", "alprazolam", "amitriptyline",
    "amlodipine", "amoxicillin", "antibiotics", "antidepressants", "antihistamine", "antihistamines",
    "apixaban", "aripiprazole", "aspirin", "atorvastatin", "azithromycin", "beta blockers", "beta-blockers",
    "birth control", "bisoprolol", "blood pressure medication", "blood thinners", "bupropion", "buspirone",
    "candesartan", "cetirizine", "chemotherapy", "citalopram", "clonazepam", "clopidogrel", "collagen",
    "concerta", "cortisone", "creatine", "cymbalta", "diazepam", "doxycycline", "duloxetine", "eliquis",
    "escitalopram", "esomeprazole", "fish oil", "fluoxetine", "folic acid", "furosemide", "gabapentin",
    "hormones", "humira", "hydrochlorothiazide", "ibuprofen", "insulin", "iron", "iron supplements",
    "iron tablets", "ketamine", "lamotrigine", "lansoprazole", "levothyroxine", "lexapro", "lipitor",
    "lisinopril", "lithium", "loratadine", "lorazepam", "losartan", "magnesium", "melatonin", "metformin",
    "methotrexate", "methylphenidate", "metoprolol", "mirtazapine", "montelukast", "mounjaro",
    "multivitamins", "naltrexone", "naproxen", "olanzapine", "omeprazole", "ozempic", "painkillers",
    "pantoprazole", "paracetamol", "paroxetine", "paxil", "prednisone", "pregabalin", "probiotics",
    "propranolol", "prozac", "quetiapine", "ramipril", "risperidone", "ritalin", "rivaroxaban",
    "rosuvastatin", "semaglutide", "sertraline", "simvastatin", "sleeping pills", "statins", "steroids",
    "sumatriptan", "supplements", "synthroid", "tamoxifen", "topiramate", "tramadol", "trazodone", "tylenol",
    "valium", "valsartan", "venlafaxine", "ventolin", "vitamin b12", "vitamin c", "vitamin d", "vitamins",
    "vyvanse", "warfarin", "wegovy", "wellbutrin", "xanax", "xarelto", "zoloft", "zyrtec",
];

/// What one is a member of, by its last word.
#[rustfmt::skip]
pub(super) const GROUPS: [&str; 45] = [
    "association", "band", "board", "book club", "chapter", "choir", "chorus", "church", "circle", "club",
    "co-op", "collective", "committee", "community", "congregation", "cooperative", "council", "crew",
    "ensemble", "federation", "fraternity", "group", "guild", "gym", "jury", "league", "lodge", "meetup",
    "militia", "movement", "network", "orchestra", "parent council", "parish", "party", "quartet", "reserve",
    "society", "sorority", "squad", "team", "trio", "troop", "troupe", "union",
];

/// What one attends, by its last word.
#[rustfmt::skip]
pub(super) const EVENTS: [&str; 50] = [
    "auction", "ball", "ballet", "baptism", "bar mitzvah", "bootcamp", "ceremony", "christening", "class",
    "concert", "conference", "congress", "convention", "course", "exhibition", "expo", "fair", "festival",
    "funeral", "gala", "gig", "graduation", "hackathon", "lecture", "marathon", "masterclass", "match",
    "meetup", "musical", "opera", "parade", "play", "premiere", "prom", "protest", "rally", "rave",
    "recital", "retreat", "reunion", "seminar", "show", "summit", "symposium", "talk", "trial", "vigil",
    "webinar", "wedding", "workshop",
];

/// A place of study, by one of its words.
#[rustfmt::skip]
pub(super) const SCHOOLS: [&str; 23] = [
    "academy", "berkeley", "caltech", "cambridge", "college", "conservatory", "eth", "harvard", "high",
    "institute", "lse", "mit", "nyu", "oxford", "polytechnic", "princeton", "school", "stanford", "ucl",
    "ucla", "uni", "university", "yale",
];

/// Cities and countries that are left and are no companies.
#[rustfmt::skip]
pub(super) const PLACES: [&str; 107] = [
    "amsterdam", "athens", "atlanta", "auckland", "austin", "australia", "austria", "bangkok", "barcelona",
    "beijing", "belgium", "bergen", "berlin", "boston", "brazil", "brussels", "budapest", "california",
    "canada", "chicago", "chile", "china", "copenhagen", "dallas", "delhi", "denmark", "denver", "dublin",
    "egypt", "england", "europe", "finland", "florida", "france", "geneva", "germany", "greece", "hamburg",
    "helsinki", "home", "hong kong", "houston", "india", "indonesia", "ireland", "israel", "istanbul",
    "italy", "japan", "kenya", "lisbon", "london", "los angeles", "lyon", "madrid", "manchester",
    "melbourne", "mexico", "miami", "milan", "montreal", "moscow", "munich", "nairobi", "naples",
    "netherlands", "new york", "new zealand", "nigeria", "norway", "oslo", "paris", "philadelphia", "poland",
    "porto", "portugal", "prague", "rome", "russia", "san francisco", "scotland", "seattle", "seoul",
    "shanghai", "singapore", "south africa", "spain", "stockholm", "sweden", "switzerland", "sydney",
    "texas", "tokyo", "toronto", "turkey", "uk", "ukraine", "us", "usa", "valencia", "vancouver", "venice",
    "vienna", "vietnam", "wales", "warsaw", "zurich",
];

/// What one asks of whoever answers.
#[rustfmt::skip]
pub(super) const ERRANDS: [&str; 132] = [
    "advice", "alternative", "alternatives", "answer", "answers", "apology", "app", "article", "assistance",
    "break", "call", "checklist", "clarification", "code", "column", "comparison", "confirmation", "copy",
    "data", "day", "delivery", "description", "details", "diagram", "draft", "drink", "email", "essay",
    "estimate", "example", "examples", "explanation", "favor", "favour", "feedback", "file", "files", "fix",
    "function", "guide", "hand", "help", "hint", "hour", "idea", "ideas", "image", "info", "information",
    "input", "instructions", "itinerary", "letter", "link", "links", "list", "logo", "loop", "lot",
    "message", "minute", "minutes", "moment", "more", "name", "names", "nap", "number", "numbers", "opinion",
    "option", "options", "outline", "overview", "package", "paragraph", "parcel", "password", "picture",
    "plan", "poem", "prompt", "query", "quote", "reason", "recipe", "recommendation", "recommendations",
    "refund", "regex", "reminder", "reply", "report", "response", "result", "results", "ride", "schedule",
    "script", "second", "sentence", "slides", "slogan", "solution", "something", "space", "spreadsheet",
    "story", "suggestion", "suggestions", "summary", "support", "synonym", "table", "template", "text",
    "thing", "things", "time", "tip", "tips", "title", "translation", "tutorial", "update", "version",
    "walkthrough", "way", "week", "word", "words", "workaround",
];

/// Names of people and figures that nobody knows in person.
#[rustfmt::skip]
pub(super) const FAMOUS: [&str; 74] = [
    "aristotle", "bach", "batman", "beethoven", "buddha", "caesar", "cleopatra", "columbus", "confucius",
    "curie", "darwin", "dracula", "dumbledore", "einstein", "freud", "frodo", "galileo", "gandalf", "gandhi",
    "gatsby", "godzilla", "hamlet", "hemingway", "hercules", "hermione", "hitler", "holmes", "homer",
    "jesus", "joker", "kafka", "kant", "kennedy", "lenin", "lincoln", "macbeth", "mandela", "marx", "messi",
    "mozart", "musk", "napoleon", "newton", "nietzsche", "obama", "odysseus", "orwell", "picasso", "pikachu",
    "plato", "pluto", "potter", "putin", "romeo", "ronaldo", "santa", "shakespeare", "sherlock", "simpson",
    "skywalker", "socrates", "spiderman", "stalin", "superman", "tesla", "tolkien", "tolstoy", "trump",
    "vader", "voldemort", "washington", "wolverine", "yoda", "zeus",
];

/// What one can break, by its last word.
#[rustfmt::skip]
pub(super) const BODY: [&str; 32] = [
    "ankle", "arm", "back", "collarbone", "elbow", "femur", "finger", "foot", "glasses", "hand", "heel",
    "hip", "jaw", "knee", "laptop", "leg", "neck", "nose", "pelvis", "phone", "pinky", "rib", "ribs", "shin",
    "shoulder", "skull", "tailbone", "thumb", "toe", "toes", "tooth", "wrist",
];

/// Words that a capital letter at the start of a sentence makes no name.
#[rustfmt::skip]
pub(super) const ORDINARY: [&str; 582] = [
    "a", "about", "actually", "adidas", "adobe", "adults", "africa", "after", "again", "airbnb", "alcohol",
    "alexa", "all", "almost", "also", "although", "always", "am", "amazon", "america", "americans", "an",
    "and", "android", "angular", "animals", "another", "anthropic", "any", "anybody", "anyone", "anything",
    "anyway", "apparently", "apple", "apples", "april", "are", "art", "artists", "as", "asia", "ask",
    "assistant", "at", "august", "autumn", "babies", "bananas", "bash", "basketball", "be", "bears",
    "because", "been", "beer", "bees", "before", "being", "berlin", "biology", "birds", "bmw", "boomers",
    "bosses", "both", "boys", "bread", "breakfast", "british", "btw", "but", "buyers", "buying", "by",
    "caffeine", "call", "can", "cats", "character", "chatgpt", "cheese", "chemistry", "children", "china",
    "chocolate", "christmas", "chrome", "cilantro", "citizens", "city", "claude", "coding", "coffee",
    "companies", "congress", "cooking", "cool", "cops", "coriander", "could", "couples", "cows", "critics",
    "currently", "customer", "customers", "dad", "dear", "debian", "december", "developers", "did", "dinner",
    "disney", "django", "do", "docker", "doctor", "doctors", "does", "dogs", "don't", "drinking", "drivers",
    "driving", "during", "each", "earth", "easter", "eating", "economics", "either", "elephants", "emacs",
    "email", "employees", "engineers", "english", "europe", "even", "evenings", "ever", "every", "everybody",
    "everyone", "everything", "excel", "exercise", "experts", "facebook", "families", "february", "feeling",
    "few", "fine", "firefighters", "firefox", "first", "fish", "flask", "folks", "food", "football", "for",
    "ford", "france", "friday", "friends", "from", "fruit", "fun", "funny", "fyi", "gardening", "garlic",
    "generally", "germans", "germany", "get", "getting", "girls", "git", "github", "gitlab", "gluten", "go",
    "god", "going", "good", "google", "got", "gpt", "grandparents", "great", "growing", "guess", "guests",
    "guys", "had", "haha", "half", "happy", "hardly", "has", "haskell", "hate", "have", "having", "he",
    "hello", "her", "here", "hero", "hers", "hey", "hi", "his", "history", "hollywood", "home", "honda",
    "honestly", "honey", "hopefully", "horoscopes", "horses", "house", "how", "however", "humans", "i",
    "ibm", "if", "ikea", "immigrants", "in", "india", "inflation", "instagram", "instead", "intel",
    "internet", "into", "investors", "ios", "is", "it", "italians", "italy", "its", "january", "japan",
    "java", "javascript", "jazz", "job", "judges", "july", "june", "jupiter", "just", "kids", "kotlin",
    "kubernetes", "landlords", "last", "lately", "later", "lawyers", "learning", "let", "life", "like",
    "linux", "listening", "living", "locals", "lol", "london", "looking", "lots", "love", "luckily", "lunch",
    "make", "managers", "many", "march", "mars", "math", "maths", "may", "maybe", "me", "meat", "meeting",
    "men", "meta", "microsoft", "milk", "millennials", "mine", "moderation", "mom", "monday", "money",
    "mongodb", "more", "morning", "mornings", "most", "mostly", "moving", "mum", "music", "my", "mysql",
    "nasa", "nature", "neighbors", "neighbours", "neither", "netflix", "never", "new", "next", "nice",
    "nike", "no", "nobody", "none", "not", "nothing", "november", "now", "nowadays", "nurses", "nvidia",
    "october", "of", "often", "oh", "ok", "okay", "on", "once", "one", "onions", "only", "openai", "opera",
    "or", "oracle", "oranges", "other", "others", "our", "ours", "out", "over", "parents", "paris",
    "parliament", "pasta", "peanuts", "penguins", "people", "perhaps", "perl", "personally", "photography",
    "php", "physics", "pilots", "pizza", "planning", "plants", "players", "playing", "please", "poetry",
    "police", "politicians", "politics", "postgres", "pretty", "previously", "probably", "programmers",
    "programming", "progress", "protagonist", "ps", "python", "rain", "rarely", "react", "readers",
    "reading", "really", "recently", "recycling", "reddit", "redis", "refugees", "rent", "researchers",
    "residents", "rice", "right", "rome", "ruby", "running", "rust", "sadly", "safari", "sailors", "salt",
    "samsung", "saturday", "scala", "school", "science", "scientists", "sellers", "september", "she",
    "should", "since", "siri", "slack", "sleep", "smoking", "snakes", "snow", "so", "soccer", "soldiers",
    "some", "somebody", "someone", "something", "sometimes", "sony", "sorry", "spain", "speaker", "speaking",
    "spiders", "spotify", "spring", "starbucks", "starting", "still", "strangers", "students", "studies",
    "studying", "sugar", "summer", "summers", "sunday", "sure", "swift", "swimming", "take", "tea",
    "teachers", "teenagers", "tell", "tenants", "tennis", "tesla", "thank", "thanks", "that", "the",
    "theatre", "their", "them", "then", "there", "these", "they", "thinking", "this", "those", "though",
    "thursday", "tiktok", "time", "to", "today", "today's", "toddlers", "together", "tokyo", "tomatoes",
    "tomorrow", "too", "tourists", "toyota", "traffic", "travel", "traveling", "travelling", "true",
    "trying", "tuesday", "turns", "twitter", "uber", "ubuntu", "unfortunately", "until", "up", "us", "used",
    "user", "usually", "vegans", "vegetables", "vegetarians", "venus", "very", "villain", "vim", "visitors",
    "voters", "walking", "walmart", "was", "watching", "water", "we", "weather", "wednesday", "weekends",
    "well", "were", "whales", "what", "when", "where", "which", "while", "whiskey", "who", "whom", "why",
    "wikipedia", "will", "windows", "wine", "winter", "winters", "wish", "with", "without", "wizard",
    "wolves", "women", "wonder", "word", "work", "workers", "working", "would", "wow", "writing", "yeah",
    "yes", "yesterday", "yet", "yoga", "you", "young", "your", "yours", "youtube", "zoom",
];

/// Whether `list`, which is sorted, holds `word`.
pub(super) fn holds(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_list_is_sorted() {
        for list in [
            super::NATIONALITIES.as_slice(),
            super::LANGUAGES.as_slice(),
            super::FEELINGS.as_slice(),
            super::CONDITIONS.as_slice(),
            super::DIETS.as_slice(),
            super::TRAITS.as_slice(),
            super::RELIGIONS.as_slice(),
            super::PETS.as_slice(),
            super::BELONGINGS.as_slice(),
            super::ABILITIES.as_slice(),
            super::DRUGS.as_slice(),
            super::GROUPS.as_slice(),
            super::EVENTS.as_slice(),
            super::SCHOOLS.as_slice(),
            super::PLACES.as_slice(),
            super::ERRANDS.as_slice(),
            super::FAMOUS.as_slice(),
            super::BODY.as_slice(),
            super::ORDINARY.as_slice(),
        ] {
            assert!(list.is_sorted());
        }
    }
}
