//! No file makes the library panic or return damaged bytes: a store with flipped bytes opens to the same content
//! or to a typed error.
#![no_main]

use std::sync::OnceLock;

use ebbmark::{Filter, NewEpisode, Options, Store};
use libfuzzer_sys::fuzz_target;

const TEXTS: [&str; 3] = ["the cat sleeps", "the dog barks", "the owl listens"];

/// A good store's bytes.
fn good() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let store = Store::open(&path, Options::default()).unwrap();
        store.tenant("acme").unwrap().add(TEXTS.map(NewEpisode::user).to_vec()).unwrap();
        store.close();
        std::fs::read(&path).unwrap()
    })
}

fuzz_target!(|flips: Vec<(u32, u8)>| {
    // The engine may panic on damage behind the boundary that turns a panic into an error.
    std::panic::set_hook(Box::new(|_| {}));
    let mut bytes = good().to_vec();
    let length = bytes.len();
    for (at, flip) in flips {
        bytes[at as usize % length] ^= flip;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    std::fs::write(&path, bytes).unwrap();
    let Ok(store) = Store::open_read_only(&path, Options::default()) else { return };
    let Ok(tenant) = store.tenant("acme") else { return };
    let _ = tenant.search("cat");
    if let Ok(page) = tenant.list(&Filter::default(), None, 10) {
        assert!(page.records.iter().all(|record| TEXTS.contains(&record.text().as_str())));
    }
});
