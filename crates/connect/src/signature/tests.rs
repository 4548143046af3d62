//! Whose messages are heard: all that are signed as they stand, about now, and no others.

use super::*;
use proptest::prelude::*;

const NAME: &str = "Signed-By";
const NOW: i64 = 1_790_000_000;

fn secret() -> Secret {
    Secret::new("whsec_test").expect("a secret")
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("an instant")
}

fn heard(value: &[u8], body: &[u8]) -> Result<(), Unread> {
    let headers = [("host", &b"a"[..]), ("signed-by", value)];
    verify(&secret(), NAME, &headers, body, at(NOW))
}

#[test]
fn a_signature_is_the_hmac_of_seconds_point_and_body() {
    // printf '%s' '1790000000.{}' | openssl dgst -sha256 -hmac whsec_test
    let known = "t=1790000000,v1=1c2847ad1f8158a1da978f36627ac1f07f7fd027321ac9ad40bccc06743f8396";
    assert_eq!(sign(&secret(), b"{}", at(NOW)), known);
    assert_eq!(heard(known.as_bytes(), b"{}"), Ok(()));
}

#[test]
fn any_of_several_signatures_will_do_and_other_schemes_count_for_nothing() {
    let good = sign(&secret(), b"{}", at(NOW));
    let (seconds, tag) = good.split_once(",v1=").expect("a signature");
    let wrong = "0".repeat(64);
    for value in [
        format!("{seconds},v1={wrong},v1={tag}"),
        format!("{seconds},v1={tag},v1={wrong},v0={wrong}"),
        format!("v1=what,v1={tag}, {seconds}"),
        format!("{seconds},v1={}", tag.to_uppercase()),
    ] {
        assert_eq!(heard(value.as_bytes(), b"{}"), Ok(()), "{value}");
    }
    for value in [
        seconds.to_owned(),
        String::new(),
        tag.to_owned(),
        format!("v1={tag}"),
        format!("{seconds},v0={tag}"),
        format!("{seconds},v1={wrong}"),
        format!("{seconds},v1={}", &tag[1..]),
        format!("{seconds},v1={tag}0"),
        format!("{seconds},{seconds},v1={tag}"),
        format!("t=-1,v1={tag}"),
        format!("t=,v1={tag}"),
        format!("t=+1790000000,v1={tag}"),
        format!("t=01790000000,v1={tag}"),
        format!("{seconds},v1={}{tag}", format!("{wrong},v1=").repeat(SIGNATURES_MAX)),
        format!("{seconds},v1={tag},{}", "v0=a,".repeat(HEADER_MAX)),
        format!("{seconds},v1={}é", &tag[2..]),
    ] {
        assert_eq!(heard(value.as_bytes(), b"{}"), Err(Unread::BadSignature), "{value}");
    }
    assert_eq!(heard(b"t=\xff", b"{}"), Err(Unread::BadSignature));
}

#[test]
fn one_header_signs_a_message_neither_none_nor_two() {
    let value = sign(&secret(), b"{}", at(NOW));
    let one = (NAME, value.as_bytes());
    let heard = |headers: &[Header<'_>]| verify(&secret(), NAME, headers, b"{}", at(NOW));
    assert_eq!(heard(&[one]), Ok(()));
    assert_eq!(heard(&[]), Err(Unread::NoSignature));
    assert_eq!(heard(&[("Signed", value.as_bytes())]), Err(Unread::NoSignature));
    assert_eq!(heard(&[one, one]), Err(Unread::BadSignature));
}

#[test]
fn a_message_is_heard_for_five_minutes_before_and_after() {
    for (signed, is_heard) in
        [(0, true), (-300, true), (300, true), (-301, false), (301, false), (600, false)]
    {
        let value = sign(&secret(), b"{}", at(NOW + signed));
        let means = if is_heard { Ok(()) } else { Err(Unread::TooOld) };
        assert_eq!(heard(value.as_bytes(), b"{}"), means, "{signed}");
    }
    // A moment that no clock shows, signed by who may.
    let tag = hmac::sign(&key(&secret()), b"99999999999999999999.{}");
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let value = format!("t=99999999999999999999,v1={hex}");
    assert_eq!(heard(value.as_bytes(), b"{}"), Err(Unread::TooOld));
}

proptest! {
    #[test]
    fn a_byte_that_is_changed_in_body_or_header_or_another_secret_spoils_it(
        body in proptest::collection::vec(any::<u8>(), 1..200),
        place in any::<proptest::sample::Index>(),
        flip in 1_u8..,
        drift in -300_i64..=300,
    ) {
        let value = sign(&secret(), &body, at(NOW + drift)).into_bytes();
        prop_assert_eq!(heard(&value, &body), Ok(()));
        let flipped = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = place.index(bytes.len());
            bytes[at] ^= flip;
            bytes
        };
        prop_assert_eq!(heard(&value, &flipped(&body)), Err(Unread::BadSignature));
        let changed = flipped(&value);
        // A digit of the signature in capitals is the same digit.
        prop_assume!(!changed.eq_ignore_ascii_case(&value));
        prop_assert_eq!(heard(&changed, &body), Err(Unread::BadSignature));
        let other = Secret::new("whsec_other").expect("a secret");
        let headers = [(NAME, &value[..])];
        let heard = verify(&other, NAME, &headers, &body, at(NOW));
        prop_assert_eq!(heard, Err(Unread::BadSignature));
    }
}
