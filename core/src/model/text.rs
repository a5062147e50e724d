//! The checks that every text and every name passes before it is stored.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::error::{Code, Error, Result};
use crate::limits::NAME_BYTES_MAX;

/// Checks a text and returns it in normal form C, so that one text typed in two ways is stored once.
pub(crate) fn check_text(what: &str, text: &str, bytes_max: usize) -> Result<String> {
    if text.len() > bytes_max {
        return Err(Error::draft(Code::TextTooLong, format!("{what} is too long"))
            .got(format!("{} bytes", text.len()))
            .expected(format!("at most {bytes_max} bytes"))
            .remedy("split it into several records"));
    }
    if text.trim().is_empty() {
        return Err(Error::draft(Code::TextEmpty, format!("{what} is empty"))
            .got(format!("{} bytes of white space", text.len()))
            .expected("at least one visible character")
            .remedy("leave it out"));
    }
    if let Some(position) = text.find('\0') {
        return Err(Error::draft(Code::TextNul, format!("{what} holds a NUL character"))
            .got(format!("NUL at byte {position}"))
            .expected("text without NUL")
            .remedy("strip or escape it"));
    }
    let normal = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
    if normal.len() > bytes_max {
        return check_text(what, &normal, bytes_max);
    }
    Ok(normal)
}

/// Checks a name (tenant, user, agent, session, speaker, actor, key): 1 to 256 bytes, no control characters.
pub(crate) fn check_name(what: &str, name: &str) -> Result<()> {
    let problem = if name.is_empty() {
        "an empty string".to_owned()
    } else if name.len() > NAME_BYTES_MAX {
        format!("{} bytes", name.len())
    } else if name.chars().any(char::is_control) {
        "a control character".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::draft(Code::NameInvalid, format!("{what} is not usable as a name"))
        .got(problem)
        .expected(format!("1 to {NAME_BYTES_MAX} bytes without control characters"))
        .remedy("use a shorter, printable name"))
}
