//! How stores and headquarters itself reach the broker: by which names, with which certificates.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use jiff::Timestamp;
use service_kit::certificates::{self, Authority, CertificateError, Certificates, Issued, Names};
use tokio::runtime::Handle;

use crate::broker::{
    BrokerAddress, BrokerOptions, BrokerUrl, Encryption, HQ_USER, OwnBroker, Served,
};
use crate::enrolment::{Admitted, Enrolment};
use crate::keys::{self, KeyError, PolicyKey};
use crate::settings::{BrokerSettings, Settings};
use crate::wiring::{self, StartError};

/// The names under which the settings say that this machine is reached.
fn extra_hosts(settings: &Settings) -> Vec<String> {
    let hosts = settings.http.allowed_hosts.iter().map(String::as_str);
    let hosts = hosts.map(str::to_owned).chain(broker_host(settings));
    hosts.filter(|host| host.parse::<IpAddr>().is_err()).collect()
}

/// The host under which stores reach our own broker, where the settings say one.
fn broker_host(settings: &Settings) -> Option<String> {
    match &settings.broker {
        BrokerSettings::Own { address, .. } => {
            address.as_deref().map(|address| host_of(address).to_ascii_lowercase())
        }
        BrokerSettings::Other { .. } => None,
    }
}

fn host_of(address: &str) -> &str {
    let host = match address.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => address,
    };
    host.trim_start_matches('[').trim_end_matches(']')
}

/// The authority and the leaf, where anything is encrypted with them.
pub(crate) fn open_certificates(
    settings: &Settings,
) -> Result<Option<Arc<Certificates>>, StartError> {
    let broker_has_tls = matches!(settings.broker, BrokerSettings::Own { tls: true, .. });
    if !broker_has_tls && settings.http.tls_port.is_none() {
        return Ok(None);
    }
    let name = format!("Headquarters {}", settings.chain.id);
    let dir = &settings.data_dir;
    let opened = keys::alone(dir, || {
        Ok::<_, StartError>(Certificates::open(dir, &name, &extra_hosts(settings), wiring::now())?)
    });
    Ok(Some(Arc::new(opened?)))
}

/// The authority that vouches for the broker and for stores, where it is ours.
///
/// # Errors
/// Where it cannot be read or made.
pub fn authority(settings: &Settings) -> Result<Option<Arc<Certificates>>, StartError> {
    match settings.broker {
        BrokerSettings::Own { tls: true, .. } => open_certificates(settings),
        _ => Ok(None),
    }
}

/// That the broker's certificate is for the host under which stores are to reach it. A store would
/// trust no other, and its link file would be of no use.
fn is_vouched_for(settings: &Settings, certificates: &Certificates) -> Result<(), StartError> {
    let Some(host) = broker_host(settings) else { return Ok(()) };
    let is_address = host.parse::<IpAddr>().is_ok();
    // What is no name at all is in no certificate either.
    let is_name = || Names::of_machine(std::slice::from_ref(&host)).hosts.contains(&host);
    if is_address || (certificates.authority().covers(&host) && is_name()) {
        return Ok(());
    }
    let authority = settings.data_dir.join("authority.pem");
    Err(StartError::NotVouchedFor { host, authority })
}

/// What link files are made of. `address` is where the broker listens, where it runs here.
///
/// # Errors
/// Where the key of policy is not to be had, or the broker has no certificate for the host that
/// stores are to reach.
pub fn enrolment<'a>(
    settings: &Settings,
    address: Option<SocketAddr>,
    authority: Option<&'a Arc<Certificates>>,
) -> Result<Enrolment<'a>, StartError> {
    if let Some(certificates) = authority {
        is_vouched_for(settings, certificates)?;
    }
    let broker = match &settings.broker {
        BrokerSettings::Own { listen, port, tls, address: said, .. } => {
            let scheme = if *tls { "mqtts" } else { "mqtt" };
            let own = address.unwrap_or_else(|| SocketAddr::new(*listen, *port));
            let own = SocketAddr::new(reachable(own.ip()), own.port());
            match said {
                None => format!("{scheme}://{own}"),
                Some(said) if said.ends_with(']') || !said.contains(':') => {
                    format!("{scheme}://{said}:{}", own.port())
                }
                Some(said) => format!("{scheme}://{said}"),
            }
        }
        BrokerSettings::Other { url, .. } => {
            let scheme = if url.tls { "mqtts" } else { "mqtt" };
            format!("{scheme}://{}:{}", url.host, url.port)
        }
    };
    Ok(Enrolment {
        broker,
        chain: settings.chain.id.clone(),
        policy_key: PolicyKey::open(&settings.data_dir)?.public(),
        authority: authority.map(|certificates| certificates.authority()),
    })
}

/// An address that somebody can connect to: the first of this machine where it is every one.
fn reachable(listen: IpAddr) -> IpAddr {
    if !listen.is_unspecified() {
        return listen;
    }
    let found = certificates::lan_addresses().into_iter().next();
    found.unwrap_or(Ipv4Addr::LOCALHOST.into())
}

/// Starts our own broker; nothing where the settings name another.
pub(crate) async fn start_broker(
    runtime: &Handle,
    settings: &Settings,
    certificates: &Option<Arc<Certificates>>,
    admitted: Admitted,
) -> Result<Option<OwnBroker>, StartError> {
    let BrokerSettings::Own { listen, port, .. } = &settings.broker else { return Ok(None) };
    let tls = authority(settings)?.and(certificates.as_deref()).map(|certificates| {
        let mut names = Names::of_machine(&extra_hosts(settings));
        names.addresses.extend(broker_host(settings).and_then(|host| host.parse::<IpAddr>().ok()));
        let authority: &Authority = certificates.authority();
        let shown = Issued::server(authority, &names, Timestamp::now())?;
        Ok::<_, CertificateError>(Served { shown, authority: authority.pem() })
    });
    let options = BrokerOptions {
        address: SocketAddr::new(*listen, *port),
        tls: tls.transpose()?,
        directory: settings.data_dir.join("broker"),
        chain: settings.chain.id.clone(),
        secret: broker_secret(settings)?,
        admission: Arc::new(admitted),
    };
    Ok(Some(OwnBroker::start(runtime, options).await?))
}

fn broker_secret(settings: &Settings) -> Result<String, KeyError> {
    keys::alone(&settings.data_dir, || keys::broker_secret(&settings.data_dir))
}

/// How headquarters' own connections reach the broker: that of this process in clear, at its `own`
/// address; our own in another process as stores do, with a certificate of the same authority.
pub(crate) fn reached(
    settings: &Settings,
    own: Option<SocketAddr>,
) -> Result<BrokerAddress, StartError> {
    let (own, encryption) = match (&settings.broker, own) {
        (BrokerSettings::Other { url, ca, certificate }, _) => {
            let encryption = match (url.tls, ca) {
                (false, _) => None,
                (true, None) => {
                    let reason = "broker.ca names no authority that vouches for it".to_owned();
                    return Err(StartError::BrokerAccess(reason));
                }
                (true, Some(ca)) => Some(
                    Encryption::of_files(ca, certificate.as_deref())
                        .map_err(StartError::BrokerAccess)?,
                ),
            };
            return Ok(BrokerAddress { url: url.clone(), encryption });
        }
        (BrokerSettings::Own { .. }, Some(own)) => (own, None),
        (BrokerSettings::Own { listen, port, .. }, None) => {
            let here = if listen.is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { *listen };
            let shown = authority(settings)?.map(|certificates| shown_to(&certificates));
            (SocketAddr::new(here, *port), shown.transpose()?)
        }
    };
    let url = BrokerUrl {
        tls: encryption.is_some(),
        host: own.ip().to_string(),
        port: own.port(),
        user: HQ_USER.to_owned(),
        secret: broker_secret(settings)?,
    };
    Ok(BrokerAddress { url, encryption })
}

/// Trusts our own authority, and shows what it vouches for.
fn shown_to(certificates: &Certificates) -> Result<Encryption, StartError> {
    let authority = certificates.authority();
    let shown = Issued::client(authority, HQ_USER, Timestamp::now())?;
    let shown = (shown.certificate.as_bytes(), shown.key.as_bytes());
    Encryption::new(authority.pem().as_bytes(), Some(shown)).map_err(StartError::BrokerAccess)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Flags, load};

    #[test]
    fn a_link_file_names_no_host_that_the_brokers_certificate_is_not_for() {
        let directory = tempfile::tempdir().unwrap();
        let with = |address: &str| {
            let config = directory.path().join("hq.toml");
            std::fs::write(&config, format!("[broker]\naddress = {address:?}\n")).unwrap();
            let data_dir = Some(directory.path().join("data"));
            load(&Flags { config: Some(config), data_dir, ..Flags::default() }).unwrap()
        };
        let broker_of = |address: &str| {
            let settings = with(address);
            let authority = authority(&settings)?;
            enrolment(&settings, None, authority.as_ref()).map(|made| made.broker)
        };
        std::fs::create_dir(directory.path().join("data")).unwrap();
        assert_eq!(broker_of("").unwrap(), "mqtts://127.0.0.1:8883");
        for covered in ["HQ.local:1", "192.0.2.7:1", "[2001:db8::7]:1", "localhost:1"] {
            assert_eq!(broker_of(covered).unwrap(), format!("mqtts://{covered}"));
        }
        for not_covered in ["hq.example:1", "no name.local:1"] {
            let refused = broker_of(not_covered).unwrap_err().to_string();
            assert!(refused.contains("authority.pem"), "{not_covered}: {refused}");
        }
        // An authority that is made when the name is known vouches for it.
        std::fs::remove_file(directory.path().join("data/authority.pem")).unwrap();
        assert_eq!(broker_of("hq.example:1").unwrap(), "mqtts://hq.example:1");
    }
}
