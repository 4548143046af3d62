//! Which machines may be called: those of the public internet, and others only where the
//! configuration says so. What somebody else's name resolves to must not lead into our own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far a port may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Machines that the whole internet can reach.
    Public,
    /// Those of one's own network as well: loopback, private, link-local, shared (CGNAT), and
    /// addresses that translate to others.
    Private,
    /// Those of one's own network alone: for what no stranger may read on its way.
    Own,
}

impl Reach {
    /// Whether a machine at this address may be called.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Public => kind(address) == Kind::Public,
            Self::Private => kind(address) != Kind::Nobody,
            Self::Own => kind(address) == Kind::Private,
        }
    }
}

/// What an address stands for, in the order of how little it may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Public,
    Private,
    /// Another address in the clothes of this one: of a machine that may be anywhere.
    Translated,
    /// No one machine: unspecified, multicast, documentation, reserved.
    Nobody,
}

fn kind(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            // An IPv4 address in the clothes of another is never taken for a public one.
            Some(mapped) => match kind_v4(mapped) {
                Kind::Public => Kind::Translated,
                kind @ (Kind::Private | Kind::Translated | Kind::Nobody) => kind,
            },
            None => kind_v6(address),
        },
    }
}

/// IANA's registry of special IPv4 addresses.
const V4: &[(Ipv4Addr, u32, Kind)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, Kind::Nobody),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Kind::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Kind::Private),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Kind::Private),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Kind::Private),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Kind::Private),
    (Ipv4Addr::new(192, 0, 0, 0), 24, Kind::Nobody),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Kind::Nobody),
    (Ipv4Addr::new(192, 88, 99, 0), 24, Kind::Nobody),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Kind::Private),
    (Ipv4Addr::new(198, 18, 0, 0), 15, Kind::Private),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Kind::Nobody),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Kind::Nobody),
    (Ipv4Addr::new(224, 0, 0, 0), 4, Kind::Nobody),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Kind::Nobody),
];

/// IANA's registry of special IPv6 addresses, the narrower before the wider. Only 2000::/3 has been
/// given out to the public.
const V6: &[(Ipv6Addr, u32, Kind)] = &[
    (Ipv6Addr::LOCALHOST, 128, Kind::Private),
    // NAT64, the well-known prefix and the local one.
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, Kind::Translated),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, Kind::Translated),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Kind::Private),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 9, Kind::Private),
    // Teredo, 6to4: a way to some IPv4 address.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, Kind::Translated),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, Kind::Translated),
    // The rest of what protocols have for themselves, and documentation.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Kind::Nobody),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Kind::Nobody),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Kind::Nobody),
    (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3, Kind::Public),
];

fn kind_v4(address: Ipv4Addr) -> Kind {
    let is_in =
        |start: Ipv4Addr, bits: u32| (address.to_bits() ^ start.to_bits()).leading_zeros() >= bits;
    let found = V4.iter().find(|(start, bits, _)| is_in(*start, *bits));
    found.map_or(Kind::Public, |(_, _, kind)| *kind)
}

fn kind_v6(address: Ipv6Addr) -> Kind {
    let is_in =
        |start: Ipv6Addr, bits: u32| (address.to_bits() ^ start.to_bits()).leading_zeros() >= bits;
    let found = V6.iter().find(|(start, bits, _)| is_in(*start, *bits));
    found.map_or(Kind::Nobody, |(_, _, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allowed(text: &str) -> (bool, bool, bool) {
        let address = text.parse().expect("an address");
        let by = |reach: Reach| reach.allows(address);
        (by(Reach::Public), by(Reach::Private), by(Reach::Own))
    }

    #[test]
    fn a_public_machine_may_always_be_called() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.9.9.9",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00::1",
            "3ffe:ffff::1",
        ] {
            assert_eq!(allowed(text), (true, true, false), "{text}");
        }
    }

    #[test]
    fn one_of_our_own_network_only_where_that_is_allowed() {
        for text in [
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(allowed(text), (false, true, true), "{text}");
        }
    }

    #[test]
    fn one_that_stands_for_another_only_where_it_may_be_anywhere() {
        for text in [
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::101:101",
            "64:ff9b:1::1",
            "2001::1",
            "2002:7f00:1::1",
        ] {
            assert_eq!(allowed(text), (false, true, false), "{text}");
        }
    }

    #[test]
    fn what_is_no_one_machine_is_never_called() {
        for text in [
            "0.0.0.0",
            "0.255.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.51.100.1",
            "203.0.113.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::2",
            "::127.0.0.1",
            "::ffff:0.0.0.0",
            "::ffff:224.0.0.1",
            "100::1",
            "2001:2::1",
            "2001:20::1",
            "2001:db8::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
            "ff02::1",
        ] {
            assert_eq!(allowed(text), (false, false, false), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whoever_may_be_called_by_the_stricter_may_be_by_the_other(bits: u128, short: u32) {
            for address in [IpAddr::from(Ipv6Addr::from(bits)), Ipv4Addr::from(short).into()] {
                let by = |reach: Reach| reach.allows(address);
                prop_assert!(!by(Reach::Public) || by(Reach::Private));
                prop_assert!(!by(Reach::Own) || by(Reach::Private));
                prop_assert!(!by(Reach::Own) || !by(Reach::Public));
            }
        }

        #[test]
        fn what_the_language_knows_as_special_is_not_public(short: u32) {
            let it = Ipv4Addr::from(short);
            let special = it.is_private() || it.is_loopback() || it.is_link_local()
                || it.is_multicast() || it.is_broadcast() || it.is_documentation()
                || it.is_unspecified();
            prop_assert!(!special || !Reach::Public.allows(it.into()));
            prop_assert!(!Reach::Public.allows(it.to_ipv6_mapped().into()));
        }
    }
}
