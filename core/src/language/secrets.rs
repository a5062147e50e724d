//! Secrets in a text: card numbers, bank accounts, keys, passwords and national ids, each with its place.
//!
//! Ids count only where their check digits hold, or a word beside them says what they are. Every step from
//! one word reads a bounded stretch or what it then consumes, so that the time is linear in the text.

mod names;
mod numbers;

use std::ops::Range;

use names::named;
use numbers::{bank_account, card_number, national_id};

/// What sort of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum SecretKind {
    /// The number of a payment card.
    CardNumber,
    /// An international bank account number.
    BankAccount,
    /// A key or token of a service, or a private key.
    Key,
    /// A password, passphrase or PIN.
    Password,
    /// A number that a state gives to a person.
    NationalId,
}

impl SecretKind {
    /// The words that stand in a redacted text for a secret of this kind.
    #[must_use]
    pub(crate) fn label(self) -> &'static str {
        match self {
            SecretKind::CardNumber => "card number",
            SecretKind::BankAccount => "bank account",
            SecretKind::Key => "key",
            SecretKind::Password => "password",
            SecretKind::NationalId => "national id",
        }
    }
}

/// A secret and the bytes of the text that hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    pub(crate) kind: SecretKind,
    pub(crate) range: Range<usize>,
}

/// The secrets of a text in order; none overlaps another.
pub(crate) fn find_secrets(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    if !may_hold(text.as_bytes()) {
        return found;
    }
    let mut at = 0;
    while let Some(word) = next_word(text.as_bytes(), at) {
        let secret = secret_at(text, &word, at);
        at = secret.as_ref().map_or(word.end, |secret| secret.range.end.max(word.end));
        found.extend(secret);
    }
    found
}

/// The secret that begins at a word or is its value.
fn secret_at(text: &str, word: &Range<usize>, floor: usize) -> Option<Secret> {
    let bytes = text.as_bytes();
    let letters = bytes.get(word.clone())?;
    // What stands in most places; of two letters alone a national id can begin.
    let plain = letters.iter().all(u8::is_ascii_alphabetic)
        && !matches!(letters.len(), 2 | KEY_MIN..)
        && !matches!(bytes.get(word.end), Some(b'-' | b'_' | b'.'));
    let shaped = if plain { None } else { shaped(bytes, word.start) };
    shaped.or_else(|| named(text, word)).or_else(|| pem(text, word, floor))
}

/// The text with the label of each secret in its place, in brackets.
pub(crate) fn redacted(text: &str, secrets: &[Secret]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut kept = 0;
    for secret in secrets {
        clean.push_str(text.get(kept..secret.range.start).unwrap_or_default());
        clean.push('[');
        clean.push_str(secret.kind.label());
        clean.push(']');
        kept = secret.range.end;
    }
    clean.push_str(text.get(kept..).unwrap_or_default());
    clean
}

/// Whether a text can hold a secret at all; most messages end here.
///
/// A PIN has 4 digits and every id more; every key is a run of 15 signs or more; and a password without
/// digits stands only behind a name with "pas" or "pwd" in it.
fn may_hold(bytes: &[u8]) -> bool {
    bytes.iter().map(|byte| usize::from(byte.is_ascii_digit())).sum::<usize>() >= 4
        || bytes.split(|byte| !byte.is_ascii_graphic()).any(|run| run.len() >= KEY_MIN)
        || bytes
            .windows(3)
            .any(|three| matches!(three, [b'p' | b'P', b'a' | b'A' | b'w' | b'W', b's' | b'S' | b'd' | b'D']))
}

/// The next run of ASCII letters and digits; other scripts part words, as they write numbers without spaces
/// around.
fn next_word(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + bytes.get(from..)?.iter().position(u8::is_ascii_alphanumeric)?;
    Some(start..run_end(bytes, start, |byte| byte.is_ascii_alphanumeric()))
}

fn run_end(bytes: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    start + bytes.get(start..).unwrap_or_default().iter().take_while(|&&byte| belongs(byte)).count()
}

fn ends_word(bytes: &[u8], end: usize) -> bool {
    bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
}

fn before(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at.checked_sub(1)?).copied()
}

/// What is a secret by its own shape, from a place where a word begins.
fn shaped(bytes: &[u8], start: usize) -> Option<Secret> {
    let secret = |kind| move |end| Secret { kind, range: start..end };
    let key = key(bytes, start).or_else(|| dotted_key(bytes, start)).map(secret(SecretKind::Key));
    key.or_else(|| card_number(bytes, start).map(secret(SecretKind::CardNumber)))
        .or_else(|| bank_account(bytes, start).map(secret(SecretKind::BankAccount)))
        .or_else(|| national_id(bytes, start).map(secret(SecretKind::NationalId)))
}

/// Whether one of the words `cues` stands in a stretch of a text; one of three letters as a whole word only.
fn near(bytes: &[u8], stretch: Range<usize>, cues: &[&str]) -> bool {
    let says = |word: &[u8], cue: &str| {
        let head = word.get(..cue.len()).is_some_and(|head| head.eq_ignore_ascii_case(cue.as_bytes()));
        head && (cue.len() > 3 || word.len() == cue.len())
    };
    let stretch = stretch.start..stretch.end.min(bytes.len());
    let mut words = bytes.get(stretch).unwrap_or_default().split(|byte| !byte.is_ascii_alphanumeric());
    words.any(|word| cues.iter().any(|cue| says(word, cue)))
}

/// Beginnings of keys and the shortest and longest rest, after the services' documents and gitleaks' rules.
const KEYS: [(&str, usize, usize); 25] = [
    ("sk-", 20, 300),
    ("sk_live_", 16, 300),
    ("sk_test_", 16, 300),
    ("rk_live_", 16, 300),
    ("whsec_", 24, 300),
    ("ghp_", 36, 36),
    ("gho_", 36, 36),
    ("ghu_", 36, 36),
    ("ghs_", 36, 36),
    ("ghr_", 36, 36),
    ("github_pat_", 40, 100),
    ("AKIA", 16, 16),
    ("ASIA", 16, 16),
    ("AIza", 35, 35),
    ("xoxb-", 20, 300),
    ("xoxp-", 20, 300),
    ("xoxa-", 20, 300),
    ("xoxs-", 20, 300),
    ("xapp-", 20, 300),
    ("glpat-", 20, 300),
    ("npm_", 36, 36),
    ("hf_", 34, 34),
    ("pypi-", 50, 400),
    ("dop_v1_", 64, 64),
    ("shpat_", 32, 32),
];

/// Length of the shortest key with no prefix of a service: that of the example in RFC 6750, section 2.1.
const KEY_MIN: usize = 15;

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// The end of a key that its service's prefix gives away.
fn key(bytes: &[u8], start: usize) -> Option<usize> {
    // The rest of a longer name is no key, and is not read again and again.
    if before(bytes, start).is_some_and(is_token) {
        return None;
    }
    let word = run_end(bytes, start, |byte| byte.is_ascii_alphanumeric());
    // Every prefix ends in one of these signs or stands before 16 letters: most words need no further look.
    if word - start < 20 && !matches!(bytes.get(word), Some(b'-' | b'_')) {
        return None;
    }
    let rest = bytes.get(start..)?;
    let (prefix, least, most) = KEYS.iter().find(|(prefix, ..)| rest.starts_with(prefix.as_bytes()))?;
    let end = run_end(bytes, start + prefix.len(), is_token);
    let body = bytes.get(start + prefix.len()..end)?;
    let drawn = body.iter().any(u8::is_ascii_digit) || body.iter().all(u8::is_ascii_uppercase);
    (drawn && (*least..=*most).contains(&body.len())).then_some(end)
}

/// A JSON Web Token (RFC 7519), whose header begins with `{"` in base64, or a SendGrid key: three parts.
fn dotted_key(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let (first, second, third) = match rest {
        [b'e', b'y', b'J', ..] => (10, 10, 10),
        [b'S', b'G', b'.', ..] => (2, 16, 32),
        _ => return None,
    };
    let part = |from: usize, least: usize| {
        let end = run_end(bytes, from, is_token);
        (end - from >= least).then_some(end)
    };
    let dot = |end: usize| (bytes.get(end) == Some(&b'.')).then_some(end + 1);
    part(dot(part(dot(part(start, first)?)?, second)?)?, third)
}

/// A private key from its BEGIN line to its END line (RFC 7468), or as far as one that was cut off goes on.
fn pem(text: &str, word: &Range<usize>, floor: usize) -> Option<Secret> {
    const DASHES: &str = "-----";
    let opening = text.get(..word.start)?.strip_suffix(DASHES)?.len();
    let (title, body) = text.get(word.start..)?.strip_prefix("BEGIN ")?.split_once(DASHES)?;
    if title.len() > 40 || !title.contains("PRIVATE KEY") {
        return None;
    }
    let inner = body.split_once(DASHES).map_or(body, |(inner, _)| inner);
    let coded = |line: &str| line.chars().all(|c| c.is_ascii_alphanumeric() || "+/=\\\"'".contains(c));
    if !inner.split_whitespace().any(|line| line.len() >= KEY_MIN && coded(line)) {
        return None;
    }
    let after = body.get(inner.len() + DASHES.len()..).and_then(|after| after.strip_prefix("END "));
    let left = match after {
        Some(after) => {
            after.strip_prefix(title).map_or(after, |after| after.strip_prefix(DASHES).unwrap_or(after))
        }
        None => body.trim_start_matches(|c: char| {
            c.is_ascii_alphanumeric() || c.is_whitespace() || "+/=\\".contains(c)
        }),
    };
    Some(Secret { kind: SecretKind::Key, range: opening.max(floor)..text.len() - left.len() })
}

#[cfg(test)]
mod tests {
    use super::{Secret, SecretKind, find_secrets, redacted};

    // One text a line, its secrets between « and ». A ~ is left out: it keeps the test keys below from
    // looking like real ones to the scanners of code hosts. \n stands for the end of a line.
    const CARDS: &str = r#"Visa «4111 1111 1111 1111», ok?
my card is «4242424242424242»
pay with «5555-5555-5555-4444» exp 12/27 cvv 123
{"pan":"«5105105105105100»"}
card=«2223 0031 2200 3222»
Amex «378282246310005»
Amex «3714 496353 98431».
Diners «3056 930902 5904» und «38520000023237»
我的卡号是«6011111111111117»。
Discover («6011 0009 9013 9424»)
JCB:«3530111333300000»
UnionPay «6200 0000 0000 0005» and Maestro «6759 6498 2643 8453»
an old visa card «4222222222222»
🦊«4012888888881881»🦊
my password is: «4111 1111 1111 1111»"#;
    const ACCOUNTS: &str = "IBAN «DE89 3704 0044 0532 0130 00», danke
«GB82WEST12345698765432» is my account
to «GB82 WEST 1234 5698 7654 32» by Friday
«FR14 2004 1010 0505 0001 3M02 606»
iban: «nl91abna0417164300»
NORWAY «NO93 8601 1117 947».
«MT84 MALT 0110 0001 2345 MTLC AST0 01S»
«ES91 2100 0418 4502 0005 1332» y «BE68 5390 0754 7034»";
    const KEYS: &str = r#"use «sk-~abcdefghijklmnop1234567890ABCDEFGHIJ» now
STRIPE=«sk_~live_4eC39HqLyjWDarjtT1zdp7dc»
«ghp_~16C7e42F292c6912E7710c838347Ae178B4a»!
«github_~pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFGHIJ»
aws «AKIA~IOSFODNN7EXAMPLE», us-east-1
aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»
slack «xoxb-~123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx»
«AIza~SyA1234567890abcdefghijklmnopqrstuv»
«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U» is it
«-----BEGIN RSA ~PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn\n-----END RSA PRIVATE KEY-----»\nend
cut off: «-----BEGIN ~PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF»
«glpat-~abcDEF123456ghiJKL78» in GitLab
«npm_~abcdefghijklmnopqrstuvwxyz0123456789»
HF «hf_~AbCdEfGhIjKlMnOpQrStUvWxYz01234567»
«pypi-~AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMA»
«SG.~abcdefghijklmnopqrstuv.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg»
Authorization: Bearer «mF_9.B5f-4.1JqM»
api_key: "«9f86d081884c7d659a2feaa0c55ad015»"
the token is «q3Rz81LmT0xYpW5u», keep it
client secret for staging = «8Hx2kPq9Zt4Lw7Vn»
token=«3f1c9a52-7b0e-4d88-9c41-0e5a7712bd6f»"#;
    const PASSWORDS: &str = r#"my password is «hunter2»
pin: «4821»
My PIN is «0000».
PIN-Code: «4821», bitte
the Wi-Fi password for the flat is «Sommer-2024!x»
DB_PASSWORD=«s3cr3tpw»
{"user": "bob", "password": "«correct horse»"}
Passwort lautet «Grün3Wiese»
passphrase is “«correct horse battery staple»”
**Password:** «aB3$kk»
my password's «qwerty12»
I changed the password to «hunter22», ok
password is now «HunTerZwei»
pwd：«p@ssword»; passcode = «990017»
the new password is still '«hunter7»'"#;
    const IDS: &str = "SSN «078-05-1120»
my ssn: «219-09-9999», thanks
NINO «AB123456C»
NI number «AB 12 34 56 C».
DNI «12345678Z»
NIE «X1234567L», dni «12.345.678-Z»
NIR «2 55 08 14 168 025 38»
sécu «255081416802538»
Steuer-ID: «86095742719»
my German tax id is «65 929 970 489»
NIF «123456789»
Aadhaar «9999 4105 7058»
«999941057058» is the Aadhaar number
CPF «529.982.247-25», «111.444.777-35»";

    // What only resembles a secret.
    const HARMLESS: &str = r#"call +49 151 23456789 or (555) 123-4567 or 555-123-4567
phone 030 901820, fax 004930901820, mobile 4915123456789
order 4111111111111112 was sent
order no. 1234567890123456
4111 1111 1111 1112 has a wrong check digit
invoice 2024-000123-45
on 2024-05-01 at 10:30:00
2024-05-01T10:30:00.123456Z
timestamp 1714559400000 and 1714559400000000
1714559400000000000 ns
550e8400-e29b-41d4-a716-446655440000
key: 550e8400-e29b-41d4-a716-446655440000
commit da39a3ee5e6b4b0d3255bfef95601890afd80709
merged 9f86d08 and e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
ISBN 978-3-16-148410-0 and 9783161484100
ISBN 0-306-40615-2
EAN 4006381333931
it costs $1,234.56 or 1.234.567,89 €
0.4111111111111111 is a fraction
the ids are 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
DE88 3704 0044 0532 0130 00 has a wrong check
GB82 WEST 1234 5698
ZZ89 3704 0044 0532 0130 00 is of no country
sk-learn and sk-toggleable__content-wrapper
sk-short1 is none
AKIA is a prefix and AKIA1234 too
ghp_ tokens begin so
eyJ.eyJ.eyJ
eyJhbGciOiJIUzI1NiJ9 is only a header
write -----BEGIN PRIVATE KEY----- first, then the key
-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn\n-----END CERTIFICATE-----
bearer of bad news, bearer authentication-is-required
the key is to listen
public key: 9f86d081884c7d659a2feaa0c55ad015
cache_key = npm-linux-x64-node20-9f86d081884c7d65
primary key is 9f86d081884c7d659a2feaa0c55ad015
key: user_profile_settings_v2
the secret is patience and practice
token: authenticationmiddlewareconfig
my password is too long
reset my password
password is required
the password is 12345678 characters long
the password is 256-bit encrypted and 100% safe
passwords are checked, password: <password>
password=${DB_PASSWORD} and pwd=$PGPASSWORD
password = process.env.DB_PASS1 or os.environ1
password: ********
"password": "required", "password": "string"
password is "too short, 8 at least"
I forgot the password, my number is 12345
the password for the account was reset in 2024
[password] is my password, password: [password]
pin the version: numpy==1.26.4
pin: 1.26.4 and PIN is 13
our pin code is 560001
spin: 4821, the pin is 4-digit
LED pin is 13, pin = 3
000-12-3456, 666-12-3456, 900-12-3456
123-00-4567 and 123-45-0000
123-45-67890 and 9-123-45-6789
part GB123456A, BG123456A, QQ123456C, AB123456E
DNI 12345678A and X1234567A
2 55 08 14 168 025 39
2 55 13 14 168 025 07
86095742719 of them
Steuer-ID 86095742718
a significant 123456789
NIF 123456780
999941057058 people
Aadhaar 9999 4105 7059
CPF 529.982.247-26, 111.111.111-11
192.168.100.200 and 10.0.0.1:8080
version 1.2.3-20240501 of v12.34.56
IMEI 490154203237518
https://example.com/a/b-c/20240501/page-0012345.html?id=98765432
9781234567897 9791234567896
geo 52.520008, 13.404954
at 1969-12-31T23:59:59.999999Z
password: Option<String>, pwd: __u32, password: UsernamePasswordCredential
PrivateKey = X509RequestInheritOptions
password=password.encode("latin1"), pwd: Optional[HiddenText], PWD=/home/u1/project
passphrase = _ffi.NULL
hash 4044404959645932768, 6477823708780339765"#;

    /// The text of a row and the places of its secrets.
    fn row(line: &str) -> (String, Vec<std::ops::Range<usize>>) {
        let (mut text, mut places, mut start) = (String::new(), Vec::new(), 0);
        for c in line.replace("\\n", "\n").chars() {
            match c {
                '«' => start = text.len(),
                '»' => places.push(start..text.len()),
                '~' => {}
                _ => text.push(c),
            }
        }
        (text, places)
    }

    fn tables() -> impl Iterator<Item = (SecretKind, &'static str)> {
        let kinds = [
            (SecretKind::CardNumber, CARDS),
            (SecretKind::BankAccount, ACCOUNTS),
            (SecretKind::Key, KEYS),
            (SecretKind::Password, PASSWORDS),
            (SecretKind::NationalId, IDS),
        ];
        kinds.into_iter().flat_map(|(kind, lines)| lines.lines().map(move |line| (kind, line)))
    }

    // Every secret of the tables is found with its kind and its exact place, and nothing beside it.
    #[test]
    fn finds_what_is_secret() {
        assert!(tables().count() >= 40);
        let wrong: Vec<String> = tables()
            .filter_map(|(kind, line)| {
                let (text, places) = row(line);
                let expected: Vec<Secret> = places.into_iter().map(|range| Secret { kind, range }).collect();
                let found = find_secrets(&text);
                (found != expected).then(|| format!("{text}: {found:?}, not {expected:?}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    // Nothing that only resembles a secret is taken for one.
    #[test]
    fn leaves_what_is_not() {
        assert!(HARMLESS.lines().count() >= 60);
        let found = |line: &&str| !find_secrets(&row(line).0).is_empty();
        let wrong: Vec<&str> = HARMLESS.lines().filter(found).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    // A redacted text keeps all that is around its secrets, nothing of them, and holds no secret any more.
    #[test]
    fn redaction_leaves_nothing_of_a_secret() {
        for (kind, line) in tables() {
            let (text, places) = row(line);
            let clean = redacted(&text, &find_secrets(&text));
            let (mut around, mut from) = (String::new(), 0);
            for place in places {
                around += text.get(from..place.start).unwrap();
                around += &format!("[{}]", kind.label());
                from = place.end;
            }
            assert_eq!(clean, around + text.get(from..).unwrap());
            assert_eq!(find_secrets(&clean), [], "{clean}");
        }
    }

    fn holds_its_promises(text: &str) {
        let secrets = find_secrets(text);
        let (mut end, mut length) = (0, text.len());
        for secret in &secrets {
            assert!(secret.range.start >= end && !secret.range.is_empty(), "{text:?}: {secrets:?}");
            assert!(text.get(secret.range.clone()).is_some(), "{text:?}: {secrets:?}");
            end = secret.range.end;
            length = length + secret.kind.label().len() + 2 - secret.range.len();
        }
        assert_eq!(redacted(text, &secrets).len(), length);
    }

    // Any text is read without a panic; secrets lie in it whole, in order and apart.
    #[test]
    fn reads_any_text() {
        let lines: Vec<String> = tables().map(|(_, line)| row(line).0).collect();
        for line in &lines {
            for (at, _) in line.char_indices() {
                let (left, right) = line.split_at(at);
                holds_its_promises(left);
                holds_its_promises(right);
            }
        }
        let mut parts: Vec<&str> = lines.iter().flat_map(|line| line.split_inclusive(' ')).collect();
        let glue = "é|🦊|密|\u{301}|：|“|”|\"|'|\\|-----|\n|\0|=|:| is |password|key|pin|bearer |for |1|٣\
            |\u{FF11}|\u{A0}\
            |.|-\
            |BEGIN |PRIVATE KEY-----|END ";
        parts.extend(glue.split('|').cycle().take(parts.len()));
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..50_000 {
            let mut text = String::new();
            for _ in 0..12 {
                // Marsaglia's xorshift (2003).
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                text += parts[state as usize % parts.len()];
            }
            holds_its_promises(&text);
        }
    }

    // No repeated text makes the time grow with the square of the length: that would take minutes here.
    #[test]
    fn long_texts_take_linear_time() {
        let parts = "sk-|sk-a |eyJabcdefghij.|key=|pwd:|pwd=“|pin for |1 |4|DE89 |bearer |a1|password is \
            |-----BEGIN |-----BEGIN PRIVATE KEY-----|key is a1b2c3d4|密|pwd:.|key='\
            |-----BEGIN PRIVATE KEY-----a -----";
        for part in parts.split('|') {
            let text = part.repeat(500_000 / part.len());
            assert!(find_secrets(&text).len() < text.len());
        }
    }
}
