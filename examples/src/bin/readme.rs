//! The ten lines of the README, as they stand there.

use ebbmark::{NewEpisode, NewFact, Options, Query, Store};

fn main() -> Result<(), ebbmark::Error> {
    let store = Store::open("memory.ebb", Options::default())?;
    let acme = store.tenant("acme")?;
    acme.add(vec![
        NewEpisode::user("I moved to Porto in March.").session("monday"),
        NewEpisode::assistant("How do you like the river?").session("monday"),
    ])?;
    acme.assert_fact(NewFact::new("Mara", "lives_in", "Porto"))?;
    for hit in acme.search(Query::text("Where did she move?").limit(3))? {
        println!("{:.2} {} ({})", hit.score, hit.record.text(), hit.why());
    }
    Ok(())
}
