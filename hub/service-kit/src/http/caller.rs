//! Who asks: the address that a request comes from, and whether it came encrypted.
//!
//! What comes from this machine itself is trusted with more than what comes from elsewhere. A proxy
//! on this machine makes everybody look as if they were here, so whatever was passed on counts as
//! coming from nobody knows where, unless the settings say in which header the proxy names its
//! caller. Of that header the last entry counts alone: the proxy wrote it, and what stands before
//! came from outside.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderName, VIA, X_FORWARDED_FOR, X_FORWARDED_PROTO};
use actix_web::{HttpMessage as _, HttpRequest};

const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// What no browser sends: a request that has one of these was passed on.
const PASSED_ON: [HeaderName; 6] =
    [FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST, X_REAL_IP, VIA];

/// Where a proxy on this machine names its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `Forwarded` (RFC 7239), with the protocol in it.
    Forwarded,
    /// `X-Forwarded-For`, with the protocol in `X-Forwarded-Proto`.
    XForwardedFor,
}

impl ProxyHeader {
    /// The header of this name, as settings write it.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "forwarded" => Some(Self::Forwarded),
            "x-forwarded-for" => Some(Self::XForwardedFor),
            _ => None,
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The address; none where nobody knows.
    pub address: Option<IpAddr>,
    /// Whether it came encrypted.
    pub is_secure: bool,
}

impl Caller {
    /// Who asks, as [`Caller::note`] found it; without a proxy where nobody noted anything.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let noted = request.extensions().get::<Self>().copied();
        noted.unwrap_or_else(|| Self::read(request, None))
    }

    /// Finds out who asks, once, for all who look at the request later.
    pub fn note(request: &HttpRequest, proxy: Option<ProxyHeader>) {
        let caller = Self::read(request, proxy);
        request.extensions_mut().insert(caller);
    }

    /// Whether it is this machine itself.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.address.is_some_and(|address| address.is_loopback())
    }

    fn read(request: &HttpRequest, proxy: Option<ProxyHeader>) -> Self {
        let address = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let direct = Self { address, is_secure: request.app_config().secure() };
        if !direct.is_here() {
            return direct;
        }
        let (address, proto) = match proxy {
            // A proxy that names nobody passes on for anybody.
            Some(ProxyHeader::Forwarded) => {
                let last = last(request, &FORWARDED);
                let found = |name| last.as_deref().and_then(|entry| parameter(entry, name));
                (found("for"), found("proto"))
            }
            Some(ProxyHeader::XForwardedFor) => {
                (last(request, &X_FORWARDED_FOR), last(request, &X_FORWARDED_PROTO))
            }
            None if PASSED_ON.iter().any(|name| request.headers().contains_key(name)) => {
                (None, None)
            }
            None => return direct,
        };
        let is_secure = proto.is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
        Self {
            address: address.as_deref().and_then(address_of),
            is_secure: direct.is_secure || is_secure,
        }
    }
}

/// The last entry of a list that may stand in several headers of one name.
fn last(request: &HttpRequest, name: &HeaderName) -> Option<String> {
    let text = request.headers().get_all(name).last()?.to_str().ok()?;
    text.rsplit(',').next().map(|entry| entry.trim().to_owned())
}

/// A parameter of an entry of `Forwarded`, without its quotes.
fn parameter(entry: &str, name: &str) -> Option<String> {
    let mut pairs = entry.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim().trim_matches('"').to_owned())
}

/// An address, which may have a port and brackets.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const HERE: &str = "127.0.0.1:4711";

    fn caller(peer: &str, headers: &[(&str, &str)], proxy: Option<ProxyHeader>) -> String {
        let mut request = TestRequest::get().peer_addr(peer.parse().unwrap());
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        let request = request.to_http_request();
        Caller::note(&request, proxy);
        let Caller { address, is_secure } = Caller::of(&request);
        let address = address.map_or_else(|| "nobody knows".to_owned(), |it| it.to_string());
        format!("{address}{}", if is_secure { " encrypted" } else { "" })
    }

    #[test]
    fn what_was_passed_on_does_not_count_as_coming_from_here() {
        assert_eq!(caller(HERE, &[], None), "127.0.0.1");
        assert_eq!(caller("[::ffff:127.0.0.1]:9", &[], None), "127.0.0.1");
        for name in PASSED_ON {
            let said = caller(HERE, &[(name.as_str(), "127.0.0.1")], None);
            assert_eq!(said, "nobody knows", "{name}");
        }
        // From elsewhere the header is the caller's own word.
        let far = caller("192.0.2.7:9", &[("x-forwarded-for", "127.0.0.1")], None);
        assert_eq!(far, "192.0.2.7");
    }

    #[test]
    fn of_a_known_proxy_the_last_entry_counts_and_of_its_header_alone() {
        let standard = Some(ProxyHeader::Forwarded);
        let other = Some(ProxyHeader::XForwardedFor);
        for (headers, proxy, expected) in [
            (
                &[("forwarded", "for=127.0.0.1, For=192.0.2.7;proto=https")][..],
                standard,
                "192.0.2.7 encrypted",
            ),
            (&[("forwarded", "for=\"[2001:db8::1]:4711\"")], standard, "2001:db8::1"),
            (&[("forwarded", "for=192.0.2.7:80;proto=http")], standard, "192.0.2.7"),
            (&[("forwarded", "for=unknown")], standard, "nobody knows"),
            (
                &[("forwarded", "for=127.0.0.1"), ("forwarded", "for=192.0.2.8")],
                standard,
                "192.0.2.8",
            ),
            (&[("x-forwarded-for", "127.0.0.1")], standard, "nobody knows"),
            (&[], standard, "nobody knows"),
            (
                &[("x-forwarded-for", "127.0.0.1, 192.0.2.7"), ("x-forwarded-proto", "https")],
                other,
                "192.0.2.7 encrypted",
            ),
            (&[("x-forwarded-for", "::1")], other, "::1"),
            (&[("forwarded", "for=127.0.0.1")], other, "nobody knows"),
        ] {
            assert_eq!(caller(HERE, headers, proxy), expected, "{headers:?}");
            // Nobody else's word is taken.
            assert_eq!(caller("192.0.2.9:9", headers, proxy), "192.0.2.9", "{headers:?}");
        }
    }
}
