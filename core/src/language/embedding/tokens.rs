//! Tokens: the pieces of words that have a row, found by their characters.

/// The text of all tokens. `##` in front of one says that it goes on within a word.
pub(super) struct Vocabulary {
    text: Box<str>,
    /// Where every token ends.
    ends: Box<[u32]>,
}

impl Vocabulary {
    /// The tokens of these lengths; `None` if they do not fit the text.
    pub(super) fn of(text: &str, lengths: impl Iterator<Item = usize>) -> Option<Self> {
        let mut end = 0;
        let mut end_of = |length| {
            end += length;
            text.is_char_boundary(end).then_some(end as u32)
        };
        let ends: Box<[u32]> = lengths.map(&mut end_of).collect::<Option<_>>()?;
        (end == text.len()).then(|| Vocabulary { text: text.into(), ends })
    }

    /// The characters of a token, and whether it begins a word.
    fn token(&self, number: usize) -> (&str, bool) {
        let start =
            number.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let end = self.ends.get(number).map_or(start, |end| *end as usize);
        let token = self.text.get(start..end).unwrap_or_default();
        token.strip_prefix("##").filter(|rest| !rest.is_empty()).map_or((token, true), |rest| (rest, false))
    }
}

/// A table of hashes, open to the next free place: the upper half of a place is part of the token's hash, the lower
/// half its number and one, or 0.
pub(super) struct Tokens {
    places: Box<[u32]>,
    /// Characters of the longest token.
    longest: usize,
}

impl Tokens {
    pub(super) fn of(vocabulary: &Vocabulary) -> Self {
        let count = vocabulary.ends.len();
        let mut places = vec![0; (2 * count).next_power_of_two().max(2)].into_boxed_slice();
        let mut longest = 0;
        for number in 0..count {
            let (token, begins) = vocabulary.token(number);
            let hash = token.chars().fold(seed(begins), mixed);
            longest = longest.max(token.chars().count());
            let free = probe(&places, hash).find(|(_, place)| *place == 0);
            if let Some(place) = free.and_then(|(at, _)| places.get_mut(at)) {
                *place = tag(hash) | (number as u32 + 1);
            }
        }
        Tokens { places, longest }
    }

    /// The longest token that the characters begin with, and how many it takes.
    pub(super) fn longest(
        &self,
        vocabulary: &Vocabulary,
        characters: &[char],
        begins: bool,
    ) -> Option<(u16, usize)> {
        let mut hash = seed(begins);
        let mut best = None;
        for (at, character) in characters.iter().enumerate().take(self.longest) {
            hash = mixed(hash, *character);
            let found = self.token(vocabulary, hash, characters.get(..=at)?, begins);
            best = found.map(|token| (token, at + 1)).or(best);
        }
        best
    }

    fn token(&self, vocabulary: &Vocabulary, hash: u64, characters: &[char], begins: bool) -> Option<u16> {
        let used = probe(&self.places, hash).map(|(_, place)| place).take_while(|place| *place != 0);
        let alike = used.filter(|place| place & 0xFFFF_0000 == tag(hash));
        let mut numbers = alike.map(|place| (place & 0xFFFF) as u16 - 1);
        numbers.find(|&number| {
            let (token, token_begins) = vocabulary.token(usize::from(number));
            token_begins == begins && token.chars().eq(characters.iter().copied())
        })
    }
}

/// The places where a hash may be, in order, with what they hold.
fn probe(places: &[u32], hash: u64) -> impl Iterator<Item = (usize, u32)> {
    let mask = places.len() - 1;
    (0..places.len()).map_while(move |step| {
        let at = (hash as usize + step) & mask;
        places.get(at).map(|place| (at, *place))
    })
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 & 0xFFFF_0000
}

fn seed(begins: bool) -> u64 {
    if begins { 0x243F_6A88_85A3_08D3 } else { 0x1319_8A2E_0370_7344 }
}

/// One step of a hash of characters: multiplication by the golden ratio's fraction, and the upper half over the lower.
fn mixed(hash: u64, character: char) -> u64 {
    let product = (hash ^ u64::from(u32::from(character))).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    product ^ (product >> 32)
}
