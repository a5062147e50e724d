//! The promise: the README's lines are the ones that run here, and they find what they remember.
//!
//! It could be broken by an API that moves on without the README.

use std::path::Path;
use std::process::Command;

#[test]
fn the_lines_of_the_readme_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(folder.join("../README.md")).unwrap();
    let program = std::fs::read_to_string(folder.join("src/bin/readme.rs")).unwrap();
    let (_, lines) = program.split_once("\n\n").unwrap();
    assert!(readme.contains(lines), "README.md and src/bin/readme.rs differ");

    let place = tempfile::tempdir().unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_readme")).current_dir(&place).output().unwrap();
    let printed = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    // What it prints is what the README says it prints, but for the moment.
    let (_, shown) = readme.split_once("```text\n").unwrap();
    let shown = shown.split("```").next().unwrap();
    let timeless = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(" at 2").next().unwrap().to_owned()).collect()
    };
    assert_eq!(timeless(&printed), timeless(shown));
    assert!(place.path().join("memory.ebb").exists());
}
