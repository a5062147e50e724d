//! Passages: a text is cut where it has its own joints, so that each piece can be read by itself.
//!
//! A section is what stands under a heading; a heading without a text of its own goes with the next. A section that is short
//! enough is one passage. A longer one is cut between paragraphs, else between items, sentences or lines, else between
//! words. Of the places where it may be cut, each at least half a passage behind the one before, the one with the least
//! hash of what follows is taken, so that cuts depend on the text around them and not on what stands far before: after an
//! edit they soon are where they were.

mod blocks;

use twox_hash::XxHash3_64;

use super::analyzer::is_spaceless;
use crate::model::Split;
use blocks::{Block, Kind, blocks};

/// Characters that count as one word at most.
const WORD_CHARACTERS: usize = 32;

/// A passage of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The headings that it stands under, the outermost first.
    pub(crate) section: Vec<String>,
    /// Its bytes. Together the pieces cover the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Piece {
    /// Its text, without blank lines before and white space behind it.
    pub(crate) fn of<'a>(&self, text: &'a str) -> &'a str {
        let whole = text.get(self.start..self.end).unwrap_or_default().trim_end();
        let indented = whole.len() - whole.trim_start().len();
        let blank = whole.get(..indented).and_then(|blank| blank.rfind('\n')).map_or(0, |line| line + 1);
        whole.get(blank..).unwrap_or_default()
    }
}

/// A text as it is split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SplitText {
    /// The first heading that says anything.
    pub(crate) heading: Option<String>,
    /// In the order of the text.
    pub(crate) pieces: Vec<Piece>,
}

/// Splits a text that is not only white space.
pub(crate) fn split_text(text: &str, split: &Split) -> SplitText {
    let blocks = blocks(text);
    let titles = blocks.iter().filter_map(|block| match &block.kind {
        Kind::Heading(_, title) if !title.is_empty() => Some(title.clone()),
        _ => None,
    });
    let heading = titles.into_iter().next();
    let sections = sections(blocks);
    let pieces = sections.iter().flat_map(|section| section.pieces(text, split)).collect();
    SplitText { heading, pieces }
}

/// What stands under a heading.
#[derive(Default)]
struct Section {
    path: Vec<String>,
    blocks: Vec<Block>,
}

fn sections(blocks: Vec<Block>) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut section = Section::default();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut has_text = false;
    for block in blocks {
        if let Kind::Heading(level, title) = &block.kind {
            if has_text {
                sections.push(std::mem::take(&mut section));
            }
            above.retain(|(outer, _)| outer < level);
            above.push((*level, title.clone()));
            let path = above.iter().map(|(_, title)| title.clone());
            section.path = path.filter(|title| !title.is_empty()).collect();
            has_text = false;
        } else {
            has_text = true;
        }
        section.blocks.push(block);
    }
    sections.push(section);
    sections.retain(|section| !section.blocks.is_empty());
    sections
}

/// How good it is to cut before a unit, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Joint {
    Paragraph,
    Item,
    Sentence,
    Word,
    /// A heading stays with what follows it.
    Heading,
}

/// Something that is not cut.
#[derive(Clone, Copy, Debug)]
struct Unit {
    start: usize,
    end: usize,
    words: usize,
    joint: Joint,
}

impl Section {
    fn pieces(&self, text: &str, split: &Split) -> Vec<Piece> {
        let budget = split.words_max - split.overlap.min(split.words_max / 2);
        let units = self.units(text, budget);
        let mut rest = units.as_slice();
        let (mut pieces, mut before): (Vec<Piece>, Option<usize>) = (Vec::new(), None);
        while let Some(first) = rest.first() {
            let room = if before.is_none() { split.words_max } else { budget };
            let count = if fits(rest, room) { rest.len() } else { boundary(text, rest, budget) };
            let (taken, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let start = before.map_or(first.start, |from| lead(text, from, first.start, split.overlap));
            let end = taken.last().map_or(first.end, |last| last.end);
            pieces.push(Piece { section: self.path.clone(), start, end });
            (rest, before) = (behind, Some(first.start));
        }
        pieces
    }

    /// The blocks of the section, and the parts of those that are too long.
    fn units(&self, text: &str, budget: usize) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut joint = Joint::Paragraph;
        for block in &self.blocks {
            if joint != Joint::Heading {
                joint = if block.kind == Kind::Item { Joint::Item } else { Joint::Paragraph };
            }
            let in_lines = matches!(block.kind, Kind::Code | Kind::Table);
            cut_block(text, block, in_lines, budget, joint, &mut units);
            let is_heading = matches!(block.kind, Kind::Heading(..));
            joint = if is_heading { Joint::Heading } else { Joint::Paragraph };
        }
        units
    }
}

/// A block as one unit, or as its sentences or lines, or as runs of words, so that each fits into a passage.
fn cut_block(text: &str, block: &Block, in_lines: bool, budget: usize, joint: Joint, units: &mut Vec<Unit>) {
    let words: Vec<Word> = words_of(text, block.start, block.end).collect();
    if words.len() <= budget {
        units.push(Unit { start: block.start, end: block.end, words: words.len(), joint });
        return;
    }
    let ends = |word: &Word| if in_lines { word.breaks > 0 } else { word.ends_sentence };
    let mut joint = joint;
    for sentence in words.split_inclusive(ends) {
        for run in sentence.chunks(budget) {
            let (start, end) =
                (run.first().map_or(0, |word| word.start), run.last().map_or(0, |word| word.end));
            units.push(Unit { start, end, words: run.len(), joint });
            joint = Joint::Word;
        }
        joint = Joint::Sentence;
    }
}

/// Whether all units together have so many words at most.
fn fits(units: &[Unit], room: usize) -> bool {
    let mut left = room;
    units.iter().all(|unit| {
        let fits = unit.words <= left;
        left = left.saturating_sub(unit.words);
        fits
    })
}

/// How many units the next passage takes of more than fit: at least one.
fn boundary(text: &str, units: &[Unit], budget: usize) -> usize {
    let (mut sum, mut last) = (0, 1);
    let mut best: Option<(Joint, u64, usize)> = None;
    for (count, unit) in units.iter().enumerate() {
        if sum > budget {
            break;
        }
        if count > 0 {
            last = count;
            if 2 * sum >= budget {
                let follows = text.get(unit.start..unit.end).unwrap_or_default().trim();
                let place = (unit.joint, XxHash3_64::oneshot(follows.as_bytes()), count);
                best = Some(best.map_or(place, |best| best.min(place)));
            }
        }
        sum += unit.words;
    }
    best.map_or(last, |(_, _, count)| count)
}

/// Where a passage begins that may repeat so many words of what stands between `from` and `to`, where it would begin
/// without: with a sentence, else with a line, else with a word.
fn lead(text: &str, from: usize, to: usize, overlap: usize) -> usize {
    let words: Vec<Word> = words_of(text, from, to).collect();
    let (mut sentence, mut line, mut start) = (None, None, to);
    for pair in words.windows(2).rev().take(overlap) {
        let [before, word] = pair else { break };
        start = word.start;
        sentence = if before.ends_sentence { Some(start) } else { sentence };
        line = if before.breaks > 0 { Some(start) } else { line };
    }
    sentence.or(line).unwrap_or(start)
}

/// A word, with the white space behind it.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    /// Line breaks behind it.
    breaks: usize,
    ends_sentence: bool,
}

/// The words of a part of a text. They follow each other without a gap.
fn words_of(text: &str, start: usize, end: usize) -> Words<'_> {
    Words { rest: text.get(start..end).unwrap_or_default(), at: start }
}

struct Words<'a> {
    rest: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let (mut length, mut letters, mut breaks) = (0, 0, 0);
        // The last two characters that are no white space.
        let (mut before, mut last) = (' ', ' ');
        let mut is_over = false;
        for c in self.rest.chars() {
            if c.is_whitespace() {
                breaks += usize::from(c == '\n' && letters > 0);
                is_over |= letters > 0;
            } else if is_over
                || letters == WORD_CHARACTERS
                || letters > 0 && (is_spaceless(c) || is_spaceless(last))
            {
                break;
            } else {
                letters += 1;
                (before, last) = (last, c);
            }
            length += c.len_utf8();
        }
        let (start, end) = (self.at, self.at + length);
        self.rest = self.rest.get(length..)?;
        self.at = end;
        let mark = if matches!(last, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』') {
            before
        } else {
            last
        };
        let stops = matches!(mark, '。' | '！' | '？') || (matches!(mark, '.' | '!' | '?' | '…') && is_over);
        let ends_sentence = stops || breaks > 1;
        (length > 0).then_some(Word { start, end, breaks, ends_sentence })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(words_max: usize, overlap: usize) -> Split {
        Split { words_max, overlap }
    }

    fn texts<'a>(text: &'a str, split: &Split) -> Vec<&'a str> {
        split_text(text, split).pieces.iter().map(|piece| piece.of(text)).collect()
    }

    fn count(text: &str) -> usize {
        words_of(text, 0, text.len()).count()
    }

    fn sentences(name: &str, count: usize) -> String {
        (0..count).map(|at| format!("This is sentence {at} of the {name}. ")).collect()
    }

    #[test]
    fn sections_and_their_headings_are_kept() {
        let text = "intro\n\n# Handbook\n\n## Travel\n\nBy train.\n\n### Expenses\n\nKeep receipts.\n\n## Leave\nAsk.\n";
        let pieces = split_text(text, &Split::default());
        let told: Vec<(String, &str)> =
            pieces.pieces.iter().map(|piece| (piece.section.join(" > "), piece.of(text))).collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        assert_eq!(
            told,
            [
                ("", "intro"),
                ("Handbook > Travel", "# Handbook\n\n## Travel\n\nBy train."),
                ("Handbook > Travel > Expenses", "### Expenses\n\nKeep receipts."),
                ("Handbook > Leave", "## Leave\nAsk."),
            ]
        );
        assert_eq!(pieces.heading.as_deref(), Some("Handbook"));
    }

    #[test]
    fn long_sections_are_cut_between_paragraphs_and_sentences_are_repeated() {
        let paragraphs = ["first", "second", "third", "fourth"].map(|name| sentences(name, 5)).join("\n\n");
        let parts = texts(&paragraphs, &split(60, 14));
        assert_eq!(parts.len(), 4, "{parts:#?}");
        for (part, before) in parts.iter().skip(1).zip(&parts) {
            let (repeated, own) = part.split_once("\n\n").unwrap();
            assert!(before.ends_with(repeated.trim_end()), "{part:?} goes on from {before:?}");
            assert_eq!(repeated.matches("This is sentence").count(), 2);
            assert!(own.starts_with("This is sentence 0"));
        }
        let prose = sentences("only paragraph", 60);
        let parts = texts(&prose, &split(60, 0));
        assert!(
            parts.len() > 5
                && parts.iter().all(|part| part.starts_with("This") && part.ends_with("paragraph."))
        );
    }

    #[test]
    fn code_and_tables_are_whole_where_they_fit() {
        let code = format!("```\n{}```\n", "let a = 1;\n\n".repeat(12));
        let table = format!("| a | b |\n|---|---|\n{}", "| 1 | 2 |\n".repeat(7));
        let text = format!("{}\n\n{code}\n{}\n\n{table}\n", sentences("start", 4), sentences("middle", 6));
        for whole in [&code, &table] {
            assert!(texts(&text, &split(60, 5)).iter().any(|part| part.contains(whole.trim())), "{text}");
        }
        let long = format!("```\n{}```\n", "let first = second;\n".repeat(40));
        assert!(
            texts(&long, &split(40, 0)).iter().skip(1).all(|part| part.starts_with("let") || part == &"```")
        );
    }

    #[test]
    fn giants_are_cut_between_words_and_scripts_without_spaces_between_characters() {
        let endless = "word ".repeat(500);
        assert!(
            texts(&endless, &split(40, 0)).iter().all(|part| count(part) <= 40 && part.starts_with("word"))
        );
        let japanese = "私は東京に住んでいます。とても楽しいです。".repeat(30);
        let parts = texts(&japanese, &split(60, 0));
        assert!(
            parts.len() > 8 && parts.iter().all(|part| count(part) <= 60 && part.ends_with('。')),
            "{parts:?}"
        );
        let blob = "x".repeat(10_000);
        assert!(texts(&blob, &split(20, 0)).iter().all(|part| part.len() <= 20 * WORD_CHARACTERS));
    }

    /// Something of everything that a text may hold.
    fn any_text() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            4 => "[a-z]{1,9}( [a-zA-Z,]{1,9}){0,40}[.!?]?",
            1 => "#{1,4} [A-Z][a-z]{0,9}",
            2 => Just(String::new()),
            1 => Just("```".to_owned()),
            1 => "- [a-z ]{1,30}",
            1 => "\\| [a-z]{1,5} \\| [a-z]{1,5} \\|",
            1 => "(---|===|\\.\\.\\.)",
            1 => "[私は東京に住。？]{1,80}",
            1 => "\\PC{0,60}",
            1 => "[a-z]{100,300}",
            1 => "[ \\t]{1,80}x",
        ];
        proptest::collection::vec(line, 1..60).prop_map(|lines| lines.join("\n"))
    }

    fn any_split() -> impl Strategy<Value = Split> {
        (20_usize..120)
            .prop_flat_map(|words_max| (Just(words_max), 0..=words_max / 2))
            .prop_map(|(a, b)| split(a, b))
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_passage_is_too_long(text in any_text(), split in any_split()) {
            prop_assume!(!text.trim().is_empty());
            let pieces = split_text(&text, &split).pieces;
            let mut behind = 0;
            let mut before: Option<&Piece> = None;
            for piece in &pieces {
                prop_assert!(piece.start <= behind && piece.end > behind, "a gap, or nothing new: {piece:?}");
                if piece.start < behind {
                    prop_assert_eq!(before.map(|before| &before.section), Some(&piece.section));
                }
                let (own, lead) = (text.get(piece.start..piece.end), text.get(piece.start..behind));
                prop_assert!(own.is_some() && lead.is_some(), "cut within a character");
                let (words, lead) = (count(own.unwrap()), count(lead.unwrap()));
                prop_assert!(words <= split.words_max, "{words} words");
                prop_assert!(lead <= split.overlap, "{lead} words repeated");
                prop_assert!(!piece.of(&text).trim().is_empty());
                (behind, before) = (piece.end, Some(piece));
            }
            prop_assert_eq!(behind, text.len());
        }

        #[test]
        fn an_edit_of_one_section_leaves_the_others_as_they_were(
            sections in proptest::collection::vec("([a-z]{1,9}[ .]{1,2}|[a-z]{3}\n\n){1,200}[a-z]", 2..6),
            other in "([a-z]{1,9}[ .]{1,2}){1,200}[a-z]",
            which in 0_usize..6,
            split in any_split(),
        ) {
            let which = which % sections.len();
            let whole = |edited: bool| -> String {
                let body = |at: usize| if edited && at == which { &other } else { &sections[at] };
                (0..sections.len()).map(|at| format!("## Part {at}\n\n{}\n\n", body(at))).collect()
            };
            let told = |text: &str| -> Vec<(Vec<String>, String)> {
                let pieces = split_text(text, &split).pieces.into_iter();
                let told = pieces.map(|piece| (piece.section.clone(), piece.of(text).to_owned()));
                told.filter(|(section, _)| section[0] != format!("Part {which}")).collect()
            };
            prop_assert_eq!(told(&whole(false)), told(&whole(true)));
        }
    }

    #[test]
    fn cuts_of_one_long_section_soon_are_where_they_were() {
        let paragraph =
            |at: usize| format!("Paragraph {at} says {}.", "something again ".repeat(4 + at * at % 23));
        let text: String = (0..200).map(|at| paragraph(at) + "\n\n").collect();
        let edited =
            format!("A new paragraph comes first, and is not short {}.\n\n{text}", "at all ".repeat(30));
        let split = Split::default();
        let (old, new) = (texts(&text, &split), texts(&edited, &split));
        let kept = new.iter().filter(|part| old.contains(part)).count();
        assert!(kept + 12 > new.len() && new.len() > 50, "{kept} of {} passages are the same", new.len());
    }
}
