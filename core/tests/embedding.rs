//! The promise: the built-in embedder gives, on every machine, the vectors that its table was trained to give; every
//! text has one, of unit length; and bytes that are no table are refused, whatever is wrong with them.
//!
//! It breaks if a text is cut into other pieces than in training, a row is scaled or summed otherwise, a text without
//! words has no direction, or damaged bytes are taken for a table.

#![cfg(feature = "static-embedder")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

use ebbmark::{Code, Embedder, ErrorKind, StaticEmbedder};
use proptest::prelude::*;
use serde_json::Value;

const TABLE: &[u8] = include_bytes!("../assets/ebbmark-static-1.bin");

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn vectors_are_those_of_the_reference() {
    let corpus: Value =
        serde_json::from_str(include_str!("../../conformance/embedding/static.json")).unwrap();
    let embedder = StaticEmbedder::built_in().unwrap();
    assert_eq!(embedder.name(), corpus["artefact"].as_str().unwrap());
    assert_eq!(embedder.dimensions() as u64, corpus["dimensions"].as_u64().unwrap());
    let mut compared = 0;
    for case in corpus["texts"].as_array().unwrap() {
        let Some(wanted) = case["vector"].as_array() else { continue };
        let text = case["text"].as_str().unwrap();
        for (got, wanted) in embedder.vector(text).iter().zip(wanted) {
            let wanted = wanted.as_f64().unwrap();
            assert!((f64::from(*got) - wanted).abs() < 2e-6, "{text:?}: {got} for {wanted}");
        }
        compared += 1;
    }
    assert!(compared >= 40);
}

proptest! {
    #[test]
    fn every_text_has_a_vector_of_unit_length_and_always_the_same(text in any::<String>()) {
        let embedder = StaticEmbedder::built_in().unwrap();
        let vector = embedder.vector(&text);
        prop_assert!(vector.iter().all(|component| component.is_finite()));
        prop_assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-5);
        prop_assert_eq!(&embedder.embed(&[&text]).unwrap()[0], &vector);
    }

    #[test]
    fn case_and_accents_and_space_do_not_matter(words in prop::collection::vec("[a-z]{1,12}", 1..8)) {
        let embedder = StaticEmbedder::built_in().unwrap();
        let plain = embedder.vector(&words.join(" "));
        prop_assert_eq!(&embedder.vector(&words.join(" ").to_uppercase()), &plain);
        prop_assert_eq!(&embedder.vector(&format!("\n {}\t", words.join("   "))), &plain);
        let accented = words.join(" ").replace('a', "á").replace('o', "o\u{308}");
        prop_assert_eq!(&embedder.vector(&accented), &plain);
    }

    #[test]
    fn a_flipped_bit_is_noticed(at in 0..TABLE.len(), bit in 0..8) {
        let mut bytes = TABLE.to_vec();
        bytes[at] ^= 1_u8 << bit;
        let refused = StaticEmbedder::from_bytes(bytes).unwrap_err();
        prop_assert!([Code::EmbedderTable, Code::FormatNewer].contains(&refused.code()), "{}", refused);
    }

    #[test]
    fn a_part_of_a_table_is_refused(length in 0..TABLE.len()) {
        let refused = StaticEmbedder::from_bytes(TABLE[..length].to_vec()).unwrap_err();
        prop_assert_eq!(refused.code(), Code::EmbedderTable);
        prop_assert_eq!(refused.kind(), ErrorKind::Corrupt);
    }
}

#[test]
fn scripts_that_it_does_not_know_are_told_apart_by_their_words() {
    let embedder = StaticEmbedder::built_in().unwrap();
    for (text, alike, other) in [
        ("我喜欢喝绿茶", "他也喜欢绿茶", "火车晚点了"),
        ("ภาษาไทย", "ภาษาไทยยาก", "แมวดำ"),
        ("ተማሪው መጽሐፍ አነበበ", "ተማሪው ሄደ", "ዝናብ ነው"),
    ] {
        let [text, alike, other] = [text, alike, other].map(|text| embedder.vector(text));
        let (near, far) = (cosine(&text, &alike), cosine(&text, &other));
        assert!(near > far + 0.1, "{near} against {far}");
    }
}

#[test]
fn other_bytes_and_later_formats_are_refused_by_name() {
    let refused = StaticEmbedder::from_bytes(b"no table at all".to_vec()).unwrap_err();
    assert_eq!(refused.code(), Code::EmbedderTable);
    let mut later = TABLE.to_vec();
    later[8] = 2;
    let refused = StaticEmbedder::from_bytes(later).unwrap_err();
    assert_eq!(refused.code(), Code::FormatNewer);
    assert!(refused.to_string().contains("format 2"), "{refused}");
    assert!(StaticEmbedder::from_bytes(TABLE).is_ok());
}

/// The table with another number in its place, and a checksum that fits.
fn forged(place: usize, value: f32) -> Vec<u8> {
    let mut bytes = TABLE.to_vec();
    bytes[place..place + 4].copy_from_slice(&value.to_le_bytes());
    let checksum = twox_hash::XxHash3_64::oneshot(&bytes[40..]);
    bytes[32..40].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

#[test]
fn a_table_of_impossible_numbers_is_refused() {
    // The length of pieces without a row, and what the first row is multiplied with.
    for place in [40, 64] {
        for value in [f32::NAN, f32::INFINITY, 3e38] {
            let refused = StaticEmbedder::from_bytes(forged(place, value)).unwrap_err();
            assert_eq!(refused.code(), Code::EmbedderTable, "{value} at {place}");
        }
    }
    for value in [0.0, 1e-45, -1.0] {
        assert!(StaticEmbedder::from_bytes(forged(40, value)).is_err(), "{value}");
    }
    assert!(StaticEmbedder::from_bytes(forged(40, 0.5)).is_ok());
}
