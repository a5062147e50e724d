//! Runs the demonstration as a person would, and reads what it prints.

use std::process::Command;

fn printed() -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_demo")).output().unwrap();
    let printed = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{}\n{printed}", String::from_utf8_lossy(&run.stderr));
    printed
}

#[test]
fn the_demonstration_keeps_its_promises_on_a_plain_page() {
    let printed = printed();
    let longest = printed.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 110, "a line has {longest} columns");
    assert!(!printed.contains('\x1b'), "colour codes in a pipe");
}

#[test]
fn nine_of_twelve_questions_find_their_turn_within_the_top_three() {
    let printed = printed();
    let total = printed.lines().find(|line| line.trim_start().starts_with("Total: ")).expect("a total line");
    let (before, _) = total.split_once(" of 12 within the top 3").expect("twelve questions");
    let found: usize = before.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(found >= 9, "{total}");
}
