//! The page: plain text, 108 columns at most, bold and faint only where a terminal shows it.

use std::io::{self, IsTerminal, Stdout, Write};
use std::time::{Duration, Instant};

use ebbmark::Timestamp;

/// Columns of a line, its margin among them.
const WIDTH: usize = 108;

/// Columns before every line but a heading.
const MARGIN: usize = 3;

/// Columns of a label.
const LABEL: usize = 10;

/// Columns before what stands beside a label.
const INDENT: usize = MARGIN + LABEL + 2;

/// Where the story is printed.
#[derive(Debug)]
pub struct Page {
    out: Stdout,
    styled: bool,
    chapter: usize,
}

impl Page {
    /// The standard output.
    pub fn on_stdout() -> Self {
        let out = io::stdout();
        let styled = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Page { out, styled, chapter: 0 }
    }

    /// The title, and what is to come.
    ///
    /// # Errors
    /// Those of writing.
    pub fn title(&mut self, title: &str, about: &str) -> io::Result<()> {
        let title = self.bold(title);
        writeln!(self.out, "\n{title}\n")?;
        self.say(about)
    }

    /// The heading of the next chapter.
    ///
    /// # Errors
    /// Those of writing.
    pub fn chapter(&mut self, heading: &str) -> io::Result<()> {
        self.chapter += 1;
        let rule = "─".repeat(WIDTH.saturating_sub(MARGIN + 1 + heading.chars().count()));
        let (heading, rule) = (self.bold(heading), self.faint(&rule));
        writeln!(self.out, "\n\n{}  {heading} {rule}\n", self.chapter)
    }

    /// A paragraph, wrapped.
    ///
    /// # Errors
    /// Those of writing.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        wrap(text, WIDTH - MARGIN).iter().try_for_each(|line| writeln!(self.out, "{:MARGIN$}{line}", ""))
    }

    /// A line that stands out, clipped.
    ///
    /// # Errors
    /// Those of writing.
    pub fn strong(&mut self, text: &str) -> io::Result<()> {
        let text = self.bold(&clip(text, WIDTH - MARGIN));
        writeln!(self.out, "{:MARGIN$}{text}", "")
    }

    /// A line with a label before it, clipped.
    ///
    /// # Errors
    /// Those of writing.
    pub fn entry(&mut self, label: &str, text: &str) -> io::Result<()> {
        let text = clip(text, WIDTH - INDENT);
        writeln!(self.out, "{:MARGIN$}{label:>LABEL$}  {text}", "")
    }

    /// What there is to know about the entry above, wrapped.
    ///
    /// # Errors
    /// Those of writing.
    pub fn detail(&mut self, text: &str) -> io::Result<()> {
        for line in wrap(text, WIDTH - INDENT) {
            let line = self.faint(&line);
            writeln!(self.out, "{:INDENT$}{line}", "")?;
        }
        Ok(())
    }

    /// An empty line.
    ///
    /// # Errors
    /// Those of writing.
    pub fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn bold(&self, text: &str) -> String {
        if self.styled { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn faint(&self, text: &str) -> String {
        if self.styled { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A text on one line of at most `width` columns.
pub fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A text on lines of at most `width` columns, broken between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A moment as a date: `9 Jan 2026`.
pub fn date(moment: Timestamp) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = moment.to_string();
    let parts: Vec<&str> = text.split(['-', 'T']).collect();
    let &[year, month, day, _] = parts.as_slice() else { return text };
    let month = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    format!("{} {} {year}", day.trim_start_matches('0'), month.unwrap_or(&"?"))
}

/// From one moment to another, or open: `9 Jan 2026 to 16 Jul 2026`, `since 16 Jul 2026`.
pub fn span(from: Timestamp, to: Option<Timestamp>) -> String {
    match to {
        Some(to) => format!("{} to {}", date(from), date(to)),
        None => format!("since {}", date(from)),
    }
}

/// How long something took, to a sensible number of digits.
pub fn took(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    if millis < 10.0 {
        format!("{millis:.2} ms")
    } else if millis < 1000.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{:.2} s", millis / 1e3)
    }
}

/// Bytes as kibibytes or mebibytes.
pub fn size(bytes: u64) -> String {
    let kib = bytes as f64 / 1024.0;
    if kib < 1024.0 { format!("{kib:.0} KiB") } else { format!("{:.1} MiB", kib / 1024.0) }
}

/// What a call returns, and how long it took.
#[expect(clippy::disallowed_methods, reason = "a stopwatch on the outside of the library")]
pub fn timed<T>(call: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = call();
    (value, start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::{clip, date, wrap};
    use ebbmark::Timestamp;

    #[test]
    fn texts_fit_and_dates_read_well() {
        assert_eq!(clip("héron", 5), "héron");
        assert_eq!(clip("a heron stands", 8), "a heron…");
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(date(Timestamp::from_seconds(951_782_400)), "29 Feb 2000");
    }
}
