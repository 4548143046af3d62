//! Whose tokens are read: those that were made with the key, as they stand, and no others.

use super::*;
use proptest::prelude::*;
use proptest::sample::Index;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn key() -> LinkKey {
    LinkKey::new([7; 32])
}

fn link(tenant: u128, customer: u128, document: u128) -> PayLink {
    PayLink {
        tenant: TenantId(Uuid::from_u128(tenant)),
        customer: CustomerId(Uuid::from_u128(customer)),
        document: DocumentId(Uuid::from_u128(document)),
    }
}

#[test]
fn a_token_is_the_ids_and_their_code_and_stays_the_same_from_version_to_version() {
    let token = key().token(link(1, 2, 3));
    let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base64");
    let ids: Vec<u8> = [1_u128, 2, 3].iter().flat_map(|id| id.to_be_bytes()).collect();
    assert_eq!((bytes.len(), &bytes[..BODY]), (64, &ids[..]));
    // python3: hmac.new(b'\7' * 32, b'pay-link\0' + ids, 'sha256').hexdigest()[:32]
    let code: String = bytes[BODY..].iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(code, "be1b4a850c82939155eba946068b5994");
    assert_eq!(key().read(&token), Some(link(1, 2, 3)));
}

#[test]
fn what_is_shorter_longer_padded_or_no_token_at_all_is_refused() {
    let token = key().token(link(1, 2, 3));
    for end in 0..token.len() {
        assert_eq!(key().read(&token[..end]), None, "{end}");
    }
    for wrong in ["A", "AAAA", "=", "==", " ", "\n", "/", "é"] {
        assert_eq!(key().read(&format!("{token}{wrong}")), None, "{wrong:?}");
        assert_eq!(key().read(&format!("{wrong}{token}")), None, "{wrong:?}");
    }
}

#[test]
fn a_secret_of_another_purpose_is_its_own_and_neither_is_shown() {
    let (key, other) = (key(), LinkKey::new([8; 32]));
    assert_eq!(key.derive("sandbox"), key.derive("sandbox"));
    assert_ne!(key.derive("sandbox"), key.derive("sandbox2"));
    assert_ne!(key.derive("sandbox"), other.derive("sandbox"));
    assert_ne!(key.derive("sandbox"), [7; 32]);
    assert_eq!(format!("{key:?}"), "LinkKey(..)");
}

proptest! {
    #[test]
    fn a_token_opens_what_it_was_made_for_with_its_own_key_alone(
        ids in any::<[u128; 3]>(),
        secrets in any::<[[u8; 32]; 2]>(),
    ) {
        prop_assume!(secrets[0] != secrets[1]);
        let [own, other] = secrets.map(LinkKey::new);
        let link = link(ids[0], ids[1], ids[2]);
        let token = own.token(link);
        prop_assert_eq!(token.len(), 86);
        prop_assert_eq!(own.read(&token), Some(link));
        prop_assert_eq!(other.read(&token), None);
    }

    #[test]
    fn a_character_that_is_changed_spoils_it(
        ids in any::<[u128; 3]>(),
        place in any::<Index>(),
        letter in any::<Index>(),
    ) {
        let token = key().token(link(ids[0], ids[1], ids[2]));
        let mut changed = token.clone().into_bytes();
        changed[place.index(token.len())] = LETTERS[letter.index(64)];
        let changed = String::from_utf8(changed).expect("letters");
        prop_assume!(changed != token);
        prop_assert_eq!(key().read(&changed), None);
    }

    #[test]
    fn nothing_that_is_sent_stops_the_reader(token in ".{0,120}") {
        prop_assert_eq!(key().read(&token), None);
    }
}
