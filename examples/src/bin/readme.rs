//! The ten lines of the README, as they stand there.

use ebbmark::{FactQuery, Options, Scope, Store};

fn main() -> Result<(), ebbmark::Error> {
    let store = Store::open("memory.ebb", Options::default())?;
    let mara = store.tenant("acme")?.with_scope(Scope::user("Mara"))?;
    mara.add("I live in Berlin and I like tea.")?;
    let moved = mara.add("I just moved to Porto!")?.facts.remove(0).verdict;
    println!("{}", mara.explain(moved.id)?); // both homes cannot be true, and why this one is believed
    println!("{}", mara.search("Where does Mara live?")?[0].record.text());
    mara.undo(moved.operation)?; // as if it had not been said: Berlin holds again
    println!("{}", mara.facts(&FactQuery::about("me").predicate("lives_in"))?[0].sentence());
    Ok(())
}
