//! The promise: the house stays in order. Imports go to a strictly lower rank, so that there is no cycle and
//! no two modules of one rank know each other; functions and files stay short; every file says what it is;
//! and foreign types stay in the file that wraps them.
//!
//! It could be broken by any commit, so this test reads all source files. Each rule is first shown to see a
//! planted breach: a rule that sees nothing would keep nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test")]

use std::path::{Path, PathBuf};

/// Rooms by rank: a file may import only from rooms of a lower rank than its own, and from its own room.
const RANKS: [(&str, u32); 16] = [
    ("error", 0),
    ("limits", 0),
    ("model", 1),
    ("observe", 2),
    ("truth", 3),
    ("dynamics", 3),
    ("index", 3),
    ("language", 3),
    ("storage", 4),
    ("tenancy", 5),
    ("ingest", 6),
    ("retrieval", 6),
    ("maintenance", 7),
    ("transfer", 7),
    ("store", 8),
    ("lib", 9),
];

/// Foreign crates and the one file that may name each.
const WRAPPED: [(&str, &str); 5] = [
    ("redb", "storage/redb_engine.rs"),
    ("bincode", "storage/codec.rs"),
    ("tracing", "observe/span.rs"),
    ("petgraph", "index/graph.rs"),
    ("hnsw_rs", "index/sealed_graph.rs"),
];

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 600;

/// A source file: its path below `src`, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// Lines of code: comments are blanked, and so are the contents of strings.
    fn code(&self) -> Vec<String> {
        self.text.lines().map(code_of).collect()
    }
}

/// A line without its comment and without what its string literals say.
fn code_of(line: &str) -> String {
    let mut code = String::new();
    let mut in_string = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => drop(chars.next()),
            '"' => in_string = !in_string,
            '\'' if !in_string && is_quoted_char(&mut chars) => {}
            '/' if !in_string && chars.peek() == Some(&'/') => break,
            _ if in_string => {}
            _ => code.push(c),
        }
    }
    code
}

/// Consumes a character literal behind its first quote; leaves a lifetime alone.
fn is_quoted_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let rest: String = chars.clone().take(12).collect();
    let length = match rest.strip_prefix('\\') {
        Some(escaped) => escaped.get(1..).and_then(|tail| tail.find('\'')).map(|end| end + 3),
        None => rest.chars().nth(1).filter(|&c| c == '\'').map(|_| 2),
    };
    length.is_some_and(|length| chars.by_ref().take(length).count() == length)
}

fn rank(room: &str) -> Option<u32> {
    RANKS.iter().find(|(name, _)| *name == room).map(|(_, rank)| *rank)
}

/// The rooms that a file names, as `crate::room`, also within braces.
fn imports(source: &Source) -> Vec<String> {
    let code = source.code().join("\n");
    let named = code.match_indices("crate::").flat_map(|(at, found)| {
        let rest = &code[at + found.len()..];
        let group = rest.strip_prefix('{').and_then(|group| group.split('}').next());
        let heads: Vec<String> = match group {
            Some(group) => group.split(',').map(head).collect(),
            None => vec![head(rest)],
        };
        heads
    });
    named.filter(|room| room.chars().next().is_some_and(char::is_lowercase)).collect()
}

fn head(path: &str) -> String {
    path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn check_ranks(source: &Source) -> Vec<String> {
    let room = source.room();
    let Some(own) = rank(room) else { return vec![format!("{}: a room without a rank", source.path)] };
    let wrong = imports(source).into_iter().filter(|other| other != room);
    let wrong = wrong.filter(|other| rank(other).is_none_or(|other| other >= own));
    wrong.map(|other| format!("{} (rank {own}) imports {other}", source.path)).collect()
}

fn check_length(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    (lines > FILE_LINES_MAX).then(|| format!("{}: {lines} lines", source.path)).into_iter().collect()
}

fn check_opening(source: &Source) -> Vec<String> {
    let opens = source.text.starts_with("//! ");
    (!opens).then(|| format!("{}: does not say what it is", source.path)).into_iter().collect()
}

fn check_wrapped(source: &Source) -> Vec<String> {
    let named = |krate: &str| {
        source.code().iter().any(|line| {
            line.match_indices(krate).any(|(at, _)| {
                let before = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
                before && line[at + krate.len()..].starts_with("::")
            })
        })
    };
    let foreign = WRAPPED.iter().filter(|(krate, home)| source.path != *home && named(krate));
    foreign.map(|(krate, _)| format!("{} names {krate}", source.path)).collect()
}

/// Functions from their `fn` to the brace that closes them.
fn check_functions(source: &Source) -> Vec<String> {
    let code = source.code();
    let mut wrong = Vec::new();
    for (start, line) in code.iter().enumerate() {
        let is_function = line.split_whitespace().any(|word| word == "fn") && line.contains('(');
        if !is_function {
            continue;
        }
        let mut depth = 0;
        for (end, line) in code.iter().enumerate().skip(start) {
            depth += line.matches('{').count() as i64 - line.matches('}').count() as i64;
            let ended = depth <= 0 && (line.contains('}') || line.trim_end().ends_with(';'));
            if ended && end - start + 1 > FUNCTION_LINES_MAX {
                wrong.push(format!("{}:{}: a function of {} lines", source.path, start + 1, end - start + 1));
            }
            if ended {
                break;
            }
        }
    }
    wrong
}

const RULES: [fn(&Source) -> Vec<String>; 5] =
    [check_ranks, check_length, check_opening, check_wrapped, check_functions];

fn breaches(source: &Source) -> Vec<String> {
    RULES.iter().flat_map(|rule| rule(source)).collect()
}

/// The files of a room that a file names, as `super::file`.
fn siblings(source: &Source) -> Vec<String> {
    let code = source.code().join("\n");
    let code = code.split("mod tests {").next().unwrap_or_default();
    let named = code.match_indices("super::").map(|(at, found)| head(&code[at + found.len()..]));
    named.map(|file| format!("{}/{file}.rs", source.room())).filter(|path| *path != source.path).collect()
}

/// A way from a file of a room back to itself.
fn cycle<'a>(all: &'a [Source], trail: &mut Vec<&'a str>, at: &'a Source) -> Option<String> {
    if let Some(start) = trail.iter().position(|path| *path == at.path) {
        return Some(format!("a cycle: {} -> {}", trail[start..].join(" -> "), at.path));
    }
    trail.push(&at.path);
    let next = siblings(at);
    let found =
        all.iter().filter(|other| next.contains(&other.path)).find_map(|other| cycle(all, trail, other));
    trail.pop();
    found
}

fn check_cycles(all: &[Source]) -> Vec<String> {
    all.iter().filter_map(|source| cycle(all, &mut Vec::new(), source)).collect()
}

fn sources(folder: &Path, root: &Path, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, root, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { path: name, text: std::fs::read_to_string(&path).unwrap() });
        }
    }
}

#[test]
fn the_house_is_in_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    sources(&root, &root, &mut all);
    assert!(all.len() > 40, "only {} files were read: the test is blind", all.len());
    let mut wrong: Vec<String> = all.iter().flat_map(breaches).collect();
    wrong.extend(check_cycles(&all));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_sees_its_breach() {
    let clean = "//! A file.\n\nuse crate::model::Id;\n\nfn short() {}\n";
    assert!(breaches(&planted("storage/x.rs", clean)).is_empty());
    let long_function = format!("//! A file.\nfn long(\n) {{\n{}}}\n", "    step();\n".repeat(68));
    let long_file = format!("//! A file.\n{}", "// line\n".repeat(600));
    for (path, text) in [
        ("storage/x.rs", "//! A file.\nuse crate::index::Bitmap;\nuse crate::tenancy::Tenant;\n"),
        ("truth/x.rs", "//! A file.\nuse crate::dynamics::retention;\n"),
        ("ingest/x.rs", "//! A file.\nfn f() -> crate::retrieval::Hit { g() }\n"),
        ("model/x.rs", "//! A file.\nuse crate::{error::Error, storage::Key};\n"),
        ("unheard_of/x.rs", "//! A file.\n"),
        ("storage/x.rs", "fn f() {}\n"),
        ("storage/x.rs", "//! A file.\nuse redb::Database;\n"),
        ("index/x.rs", "//! A file.\nfn f() -> petgraph::Graph<u8, u8> { g() }\n"),
        ("ingest/x.rs", "//! A file.\nfn f() { tracing::info!(\"\"); }\n"),
        ("index/x.rs", "//! A file.\nuse hnsw_rs::prelude::Hnsw;\n"),
        ("storage/x.rs", long_function.as_str()),
        ("storage/x.rs", long_file.as_str()),
    ] {
        assert!(
            !breaches(&planted(path, text)).is_empty(),
            "not seen in {path}:\n{}",
            &text[..text.len().min(90)]
        );
    }
    let [a, b] = ["b", "a"].map(|other| format!("//! A file.\nuse super::{other}::Thing;\n"));
    assert!(!check_cycles(&[planted("index/a.rs", &a), planted("index/b.rs", &b)]).is_empty());
    assert!(check_cycles(&[planted("index/a.rs", &a), planted("index/b.rs", clean)]).is_empty());
    assert!(breaches(&planted("storage/x.rs", "//! Like redb::Database.\nlet a = \"redb::\";\n")).is_empty());
}

fn planted(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}
