//! Numbers of cards, accounts and persons, known by their form and their check digits.

use std::ops::Range;

use super::{before, ends_word, near};

/// The end of a number that a state gives to a person.
pub(super) fn national_id(bytes: &[u8], start: usize) -> Option<usize> {
    match bytes.get(start)? {
        b'0'..=b'9' if starts_number(bytes, start) => ssn(bytes, start)
            .or_else(|| cpf(bytes, start))
            .or_else(|| nir(bytes, start))
            .or_else(|| dni(bytes, start))
            .or_else(|| cued(bytes, start)),
        b'A'..=b'Z' | b'a'..=b'z' => nino(bytes, start).or_else(|| dni(bytes, start)),
        _ => None,
    }
}

/// Not a phone number's "+", not the rest of a name, and neither a fraction nor a later group of a number.
fn starts_number(bytes: &[u8], start: usize) -> bool {
    match before(bytes, start) {
        Some(b'_' | b'+') => false,
        Some(b'.' | b'-' | b':') => !before(bytes, start - 1).is_some_and(|byte| byte.is_ascii_digit()),
        _ => true,
    }
}

/// The end of `count` letters and digits with at most one of `gaps` between two of them.
fn grouped_end(bytes: &[u8], start: usize, count: usize, gaps: &[u8]) -> Option<usize> {
    let (mut left, mut gap) = (count, true);
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        if byte.is_ascii_alphanumeric() {
            left -= 1;
            gap = false;
            if left == 0 {
                return ends_word(bytes, at + 1).then_some(at + 1);
            }
        } else if gap || !gaps.contains(byte) {
            return None;
        } else {
            gap = true;
        }
    }
    None
}

/// The next `N` letters and digits without the gaps between them, and their end.
fn compact<const N: usize>(bytes: &[u8], start: usize, gaps: &[u8]) -> Option<([u8; N], usize)> {
    let end = grouped_end(bytes, start, N, gaps)?;
    let mut signs = [0; N];
    let taken = bytes.get(start..end)?.iter().filter(|byte| byte.is_ascii_alphanumeric());
    signs.iter_mut().zip(taken).for_each(|(to, from)| *to = *from);
    Some((signs, end))
}

/// The same for digits, as numbers.
fn digits<const N: usize>(bytes: &[u8], start: usize, gaps: &[u8]) -> Option<([u32; N], usize)> {
    let (signs, end) = compact::<N>(bytes, start, gaps)?;
    signs.iter().all(u8::is_ascii_digit).then(|| (signs.map(|sign| u32::from(sign - b'0')), end))
}

/// The decimal number that ASCII digits among other signs write; at most 19 of them.
fn number(signs: &[u8]) -> u64 {
    let digits = signs.iter().filter(|sign| sign.is_ascii_digit());
    digits.fold(0, |number, sign| number * 10 + u64::from(sign - b'0'))
}

/// Whether cards of this length begin with these four digits, after ISO/IEC 7812 and the networks' published
/// ranges.
fn issued(first: u64, length: usize) -> bool {
    match first {
        // Visa; American Express; Diners Club.
        4000..=4999 => matches!(length, 13 | 16 | 19),
        3400..=3499 | 3700..=3799 => length == 15,
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => matches!(length, 14 | 16),
        // Mastercard, Dankort, RuPay, Troy.
        2221..=2720 | 5100..=5599 | 5019 | 5085..=5089 | 6069..=6085 | 9792 => length == 16,
        // Discover, JCB, UnionPay, Mir, Verve.
        6011 | 6440..=6599 | 3528..=3589 | 6200..=6299 | 2200..=2204 | 5060..=5067 => {
            (16..=19).contains(&length)
        }
        // Maestro.
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 => (13..=19).contains(&length),
        _ => false,
    }
}

/// Where a word that says what a number is stands: a little before it or after it.
fn around(start: usize, end: usize) -> Range<usize> {
    start.saturating_sub(32)..end + 24
}

/// Words beside a card number.
const CARD_CUES: [&str; 6] = ["card", "kart", "cart", "tarj", "visa", "kredit"];

/// The end of a payment card's number: its issuer's length, groups as on a card, and the check digit of Luhn
/// (1960).
pub(super) fn card_number(bytes: &[u8], start: usize) -> Option<usize> {
    let first = number(bytes.get(start..start + 4).filter(|first| first.iter().all(u8::is_ascii_digit))?);
    if !starts_number(bytes, start) {
        return None;
    }
    (13..=19).rev().find_map(|length| {
        let end = issued(first, length).then(|| grouped_end(bytes, start, length, b" -"))??;
        let signs = bytes.get(start..end)?;
        // 13 digits in one run can be a bar code (EAN-13), 17 or more a hash; UnionPay alone gives out 19
        // often.
        let usual = (14..=16).contains(&length) || signs.len() > length || first / 100 == 62;
        let fits = grouped_as_card(signs) && luhn(number(signs));
        (fits && (usual || near(bytes, around(start, end), &CARD_CUES))).then_some(end)
    })
}

/// One run, or groups of 4 or 6 digits and then of 3 or more; the last one may be shorter.
fn grouped_as_card(signs: &[u8]) -> bool {
    let mut groups = signs.split(|sign| matches!(sign, b' ' | b'-')).peekable();
    let first = groups.next().map_or(0, <[u8]>::len);
    let one = groups.peek().is_none();
    let digits = signs.iter().all(|sign| !sign.is_ascii_alphabetic());
    let mut fits = true;
    while let Some(group) = groups.next() {
        fits &= group.len() >= 3 || groups.peek().is_none();
    }
    digits && fits && (one || matches!(first, 4 | 6))
}

fn luhn(mut number: u64) -> bool {
    let mut sum = 0;
    while number > 0 {
        let doubled = number / 10 % 10 * 2;
        sum += number % 10 + doubled / 10 + doubled % 10;
        number /= 100;
    }
    sum % 10 == 0
}

/// Countries and lengths of account numbers, after the IBAN registry (SWIFT, release 99).
const IBAN_LENGTHS: &str = "\
    AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18\
    FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21\
    LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24\
    SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

/// The end of an account number whose remainder by 97 is 1 (ISO 13616, ISO 7064 MOD 97-10).
pub(super) fn bank_account(bytes: &[u8], start: usize) -> Option<usize> {
    let &[first, second, tens, ones] = bytes.get(start..start + 4)? else { return None };
    if ![tens, ones].iter().all(u8::is_ascii_digit) || ![first, second].iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let row = IBAN_LENGTHS
        .as_bytes()
        .chunks_exact(4)
        .find(|row| row.starts_with(&[first.to_ascii_uppercase(), second.to_ascii_uppercase()]))?;
    let end = grouped_end(bytes, start, usize::try_from(number(row)).ok()?, b" -")?;
    let signs =
        || bytes.get(start..end).unwrap_or_default().iter().filter_map(|&sign| char::from(sign).to_digit(36));
    let turned = signs().skip(4).chain(signs().take(4));
    let rest = turned.fold(0, |rest, sign| (rest * if sign < 10 { 10 } else { 100 } + sign) % 97);
    (rest == 1).then_some(end)
}

/// United States: ddd-dd-dddd, without the areas, groups and serials that are never given (SSA, POMS RM
/// 10201.035).
fn ssn(bytes: &[u8], start: usize) -> Option<usize> {
    let end = in_form(bytes, start, b"ddd-dd-dddd")?;
    let number = number(bytes.get(start..end)?);
    let (area, group, serial) = (number / 1_000_000, number / 10_000 % 100, number % 10_000);
    (!matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0).then_some(end)
}

/// The end of a number written in a form where `d` stands for a digit.
fn in_form(bytes: &[u8], start: usize, form: &[u8]) -> Option<usize> {
    let end = start + form.len();
    let fits = |(byte, sign): (&u8, &u8)| if *sign == b'd' { byte.is_ascii_digit() } else { byte == sign };
    let alone = ends_word(bytes, end) && bytes.get(end) != Some(&b'-');
    (alone && bytes.get(start..end)?.iter().zip(form).all(fits)).then_some(end)
}

/// Brazil: ddd.ddd.ddd-dd with two check digits; eleven equal digits fit them but are given to nobody.
fn cpf(bytes: &[u8], start: usize) -> Option<usize> {
    let end = in_form(bytes, start, b"ddd.ddd.ddd-dd")?;
    let (digits, _) = digits::<11>(bytes, start, b".-")?;
    let check = |count: usize, top| weighted(digits.iter().take(count), top) * 10 % 11 % 10;
    let [.., first, second] = digits;
    let same = digits.iter().all(|&digit| digit == first);
    (!same && check(9, 10) == first && check(10, 11) == second).then_some(end)
}

/// The sum of digits times weights that fall by one from `top`.
fn weighted<'a>(digits: impl Iterator<Item = &'a u32>, top: u32) -> u32 {
    digits.zip((0..=top).rev()).map(|(digit, weight)| digit * weight).sum()
}

/// United Kingdom: two letters, six digits, A to D, without the prefixes that are not used (HMRC, NIM39110).
fn nino(bytes: &[u8], start: usize) -> Option<usize> {
    // Most words end here.
    if !bytes.get(start..start + 2)?.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    let (signs, end) = compact::<9>(bytes, start, b" ")?;
    let [first, second, digits @ .., suffix] = signs;
    let unused = matches!(&[first, second], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ");
    let letters = [first, second].iter().all(|sign| !b"DFIQUV".contains(sign));
    let fits = digits.iter().all(u8::is_ascii_digit) && matches!(suffix, b'A'..=b'D');
    (fits && letters && second != b'O' && !unused).then_some(end)
}

/// Spain: DNI and NIE; the letter is the remainder by 23, and X, Y, Z stand for 0, 1, 2 (Real Decreto
/// 1553/2005).
fn dni(bytes: &[u8], start: usize) -> Option<usize> {
    let lead = match bytes.get(start)? {
        b'X' | b'x' => 0,
        b'Y' | b'y' => 1,
        b'Z' | b'z' => 2,
        digit @ b'0'..=b'9' => u64::from(digit - b'0'),
        _ => return None,
    };
    let ([_, rest @ .., letter], end) = compact::<9>(bytes, start, b".-")?;
    let remainder = usize::try_from((lead * 10_000_000 + number(&rest)) % 23).ok()?;
    let fits = b"TRWAGMYFPDXBNJZSQVHLCKE".get(remainder) == Some(&letter.to_ascii_uppercase());
    (fits && rest.iter().all(u8::is_ascii_digit)).then_some(end)
}

/// France: sex, year, month, place, order and a key, 97 less the remainder (INSEE); Corsica's 2A, 2B count as
/// 19, 18.
fn nir(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut signs, end) = compact::<15>(bytes, start, b" ")?;
    if let [_, _, _, _, _, tens @ b'2', ones @ (b'A' | b'B'), ..] = &mut signs {
        *tens = b'1';
        *ones = if *ones == b'A' { b'9' } else { b'8' };
    }
    let number = number(&signs);
    let month = number / 10_000_000_000 % 100;
    // Months from 20 on stand for a birth whose month is not known.
    let fits = signs.iter().all(u8::is_ascii_digit) && matches!(month, 1..=12 | 20..=42 | 50..=99);
    (fits && matches!(signs, [b'1'..=b'4' | b'7' | b'8', ..]) && number % 100 == 97 - number / 100 % 97)
        .then_some(end)
}

/// Ids whose check digit one number in ten fits by chance: they count only beside a word that names them.
fn cued(bytes: &[u8], start: usize) -> Option<usize> {
    let beside = |end: &usize, cues: &[&str]| near(bytes, around(start, *end), cues);
    let tax = || digits(bytes, start, b" ").filter(|(id, _)| steuer_id(id)).map(|(_, end)| end);
    let nif = || digits(bytes, start, b" ").filter(|(id, _)| portuguese_nif(id)).map(|(_, end)| end);
    let aadhaar = || digits(bytes, start, b" -").filter(|(id, _)| aadhaar(id)).map(|(_, end)| end);
    tax()
        .filter(|end| beside(end, &["steuer", "tax", "tin", "idnr"]))
        .or_else(|| nif().filter(|end| beside(end, &["nif", "contribuinte"])))
        .or_else(|| aadhaar().filter(|end| beside(end, &["aadhaar", "aadhar", "uidai"])))
}

/// Germany: the check digit of ISO 7064 MOD 11,10.
fn steuer_id(id: &[u32; 11]) -> bool {
    let product = id.iter().take(10).fold(10, |product, digit| match (digit + product) % 10 {
        0 => 20 % 11,
        sum => sum * 2 % 11,
    });
    let [first, .., check] = id;
    *first != 0 && (11 - product) % 10 == *check
}

/// Portugal: weights 9 to 2, modulo 11.
fn portuguese_nif(id: &[u32; 9]) -> bool {
    let [.., check] = id;
    *check == (11 - weighted(id.iter().take(8), 9) % 11) % 11 % 10
}

/// India: the check digit of Verhoeff (1969), a product in the dihedral group D5; none begins with 0 or 1
/// (UIDAI).
fn aadhaar(id: &[u32; 12]) -> bool {
    let swapped = |digit: u32| [1, 5, 7, 6, 2, 8, 3, 0, 9, 4].get(digit as usize).copied().unwrap_or(0);
    let permuted = |times: usize, digit: u32| (0..times % 8).fold(digit, |digit, _| swapped(digit));
    let product = |left: u32, right: u32| match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right) % 5,
        (false, true) => 5 + (left - right) % 5,
        (false, false) => (left + 5 - right) % 5,
    };
    let sum = id.iter().rev().enumerate().fold(0, |sum, (at, digit)| product(sum, permuted(at, *digit)));
    let [first, ..] = id;
    *first > 1 && sum == 0
}
