//! The blocks of a text in Markdown, or in plain paragraphs: headings, paragraphs, list items, code, tables. Only as much
//! of Markdown is read as tells where a text may be cut.

use crate::limits::NAME_BYTES_MAX;

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading of a level, 1 the outermost, with its title of at most 256 bytes.
    Heading(usize, String),
    /// A paragraph.
    Prose,
    /// An item of a list.
    Item,
    /// Lines of a table.
    Table,
    /// Code between fences, or the fields at the head of a file.
    Code,
}

/// A block with the blank lines behind it. Blocks follow each other without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Lines that are not blank.
    lines: usize,
}

/// The blocks of a text, in order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader { text, ..Reader::default() };
    let head = head_fields(text);
    if head > 0 {
        reader.push(Kind::Code, 0, head);
        reader.is_broken = true;
    }
    let mut start = head;
    for line in text.get(head..).unwrap_or_default().split_inclusive('\n') {
        let end = start + line.len();
        reader.read(line, start, end);
        start = end;
    }
    reader.blocks
}

/// Where the fields end that a file may begin with, between lines of three dashes; 0 if there are none.
fn head_fields(text: &str) -> usize {
    let mut end = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        end += line.len();
        match (number, bare) {
            (0, "---") => {}
            (0, _) | (_, "") => return 0,
            (_, "---" | "...") => return end,
            _ => {}
        }
    }
    0
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    blocks: Vec<Block>,
    /// The fence that code is behind, if it is not closed yet.
    fence: Option<&'a str>,
    /// Whether the last block has ended.
    is_broken: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self, line: &'a str, start: usize, end: usize) {
        let bare = line.trim();
        if let Some(fence) = self.fence {
            self.extend(end);
            if is_closing(bare, fence) {
                (self.fence, self.is_broken) = (None, true);
            }
            return;
        }
        if bare.is_empty() {
            self.is_broken = true;
            self.blocks.last_mut().into_iter().for_each(|last| last.end = end);
            return;
        }
        let opening = fence_of(line);
        if opening.is_some() {
            self.fence = opening;
            self.push(Kind::Code, start, end);
        } else if let Some((level, title)) = heading_of(line) {
            self.push(Kind::Heading(level, shortened(title)), start, end);
            self.is_broken = true;
        } else if let Some(level) = self.underlines(bare) {
            self.extend(end);
            let text = self.text;
            if let Some(last) = self.blocks.last_mut() {
                let title = text.get(last.start..start).unwrap_or_default().trim();
                last.kind = Kind::Heading(level, shortened(title));
            }
            self.is_broken = true;
        } else if bare.starts_with('|') {
            self.go_on(Kind::Table, &[Kind::Table], start, end);
        } else if is_item(bare) {
            self.push(Kind::Item, start, end);
        } else {
            self.go_on(Kind::Prose, &[Kind::Prose, Kind::Item], start, end);
        }
    }

    /// The level of the heading that a line makes of the one before: a paragraph of one line.
    fn underlines(&self, bare: &str) -> Option<usize> {
        let last = self.blocks.last().filter(|_| !self.is_broken)?;
        let is_line = |mark: char| bare.len() >= 3 && bare.chars().all(|c| c == mark);
        let level = if is_line('=') { 1 } else { 2 };
        (last.kind == Kind::Prose && last.lines == 1 && (level == 1 || is_line('-'))).then_some(level)
    }

    /// Goes on with the last block if it is of one of these kinds, or begins another.
    fn go_on(&mut self, kind: Kind, of: &[Kind], start: usize, end: usize) {
        let goes_on = !self.is_broken && self.blocks.last().is_some_and(|last| of.contains(&last.kind));
        if goes_on { self.extend(end) } else { self.push(kind, start, end) }
    }

    fn extend(&mut self, end: usize) {
        if let Some(last) = self.blocks.last_mut() {
            last.end = end;
            last.lines += 1;
        }
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        // Blank lines at the beginning belong to the first block.
        let start = if self.blocks.is_empty() { 0 } else { start };
        self.blocks.push(Block { kind, start, end, lines: 1 });
        self.is_broken = false;
    }
}

/// A line without an indentation of up to three spaces; four are code.
fn unindented(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(' ');
    (line.len() - bare.len() <= 3).then_some(bare)
}

/// The fence that a line opens code with.
fn fence_of(line: &str) -> Option<&str> {
    let bare = unindented(line)?;
    let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = bare.len() - bare.trim_start_matches(mark).len();
    let (fence, info) = bare.split_at_checked(length)?;
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some(fence)
}

/// Whether a line closes the code behind a fence.
fn is_closing(bare: &str, fence: &str) -> bool {
    bare.strip_prefix(fence).is_some_and(|more| more.chars().all(|c| fence.starts_with(c)))
}

/// Level and title of a heading that begins with number signs.
fn heading_of(line: &str) -> Option<(usize, &str)> {
    let bare = unindented(line)?;
    let title = bare.trim_start_matches('#');
    let level = bare.len() - title.len();
    let is_heading = (1..=6).contains(&level) && title.chars().next().is_none_or(char::is_whitespace);
    is_heading.then(|| (level, title.trim().trim_end_matches('#').trim_end()))
}

/// Whether a line begins an item of a list.
fn is_item(bare: &str) -> bool {
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marks: &[char] = if digits == 0 { &['-', '*', '+', '•'] } else { &['.', ')'] };
    let rest = bare.get(digits..).and_then(|rest| rest.strip_prefix(marks));
    digits <= 9 && rest.is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// A title cut to 256 bytes.
fn shortened(title: &str) -> String {
    let ends = title.char_indices().map(|(at, c)| at + c.len_utf8());
    let length = ends.take_while(|end| *end <= NAME_BYTES_MAX).last().unwrap_or(0);
    title.get(..length).unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Kind, &str)> {
        let told = |block: Block| (block.kind, text.get(block.start..block.end).unwrap().trim());
        blocks(text).into_iter().map(told).collect()
    }

    fn heading(level: usize, title: &str) -> Kind {
        Kind::Heading(level, title.to_owned())
    }

    #[test]
    fn blocks_are_told_apart() {
        let text = "---\ntitle: x\n---\n# Top ##\none\ntwo\n\nSetext\n===\n- a\n  more\n- b\n1. c\n\n```rust\n# no\n\n```\n\
                    | a | b |\n|---|---|\n\nend\n#no\n    # no\n## \n***\n";
        assert_eq!(
            read(text),
            [
                (Kind::Code, "---\ntitle: x\n---"),
                (heading(1, "Top"), "# Top ##"),
                (Kind::Prose, "one\ntwo"),
                (heading(1, "Setext"), "Setext\n==="),
                (Kind::Item, "- a\n  more"),
                (Kind::Item, "- b"),
                (Kind::Item, "1. c"),
                (Kind::Code, "```rust\n# no\n\n```"),
                (Kind::Table, "| a | b |\n|---|---|"),
                (Kind::Prose, "end\n#no\n    # no"),
                (heading(2, ""), "##"),
                (Kind::Prose, "***"),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_mark_is_text() {
        assert_eq!(read("---\n\none\n\n---\n")[0].0, Kind::Prose, "a line across is no field");
        assert_eq!(read("a\nb\n---\n")[0], (Kind::Prose, "a\nb\n---"));
        assert_eq!(read("####### seven")[0].0, Kind::Prose);
        assert_eq!(read("```a`b")[0].0, Kind::Prose);
        assert_eq!(read("~~~\n```\n~~\n~~~~\nx").len(), 2, "a longer fence of the same kind closes");
        let long = format!("# {}", "ü".repeat(400));
        assert_eq!(read(&long)[0].0, heading(1, &"ü".repeat(128)));
    }
}
