//! The page that installs the hub's authority. It needs no session and no script, and it is there
//! over plain HTTP too, because that is where a browser starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, USER_AGENT, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use service_kit::certificates::Certificates;
use service_kit::http::{guard, problem};
use service_kit::language::Language;
use uuid::Uuid;

use super::problem::Problem;
use crate::store::Store;

const PAGE: &str = include_str!("../../assets/ca.html");
const PROFILE: &str = include_str!("../../assets/ca.mobileconfig");
const ZH_TW: &str = include_str!("../../text/ca.zh-TW.json");
const EN: &str = include_str!("../../text/ca.en.json");

/// The systems that are explained, each with what its browsers say of themselves.
const SYSTEMS: [(&str, &[&str]); 5] = [
    ("windows", &["Windows"]),
    ("ios", &["iPhone", "iPad"]),
    ("android", &["Android"]),
    ("macos", &["Macintosh"]),
    ("linux", &["Linux", "CrOS"]),
];

/// What the page's address may say.
#[derive(Deserialize)]
pub struct Wish {
    lang: Option<String>,
}

fn certificates(store: &Store, request: &HttpRequest) -> Result<Arc<Certificates>, Problem> {
    // With HTTPS switched off there is nothing to install.
    store.certificates.clone().ok_or_else(|| Problem::not_found(request))
}

/// How to install the authority, for each system; the one that asks is unfolded.
///
/// # Errors
/// `not_found` where HTTPS is switched off.
#[get("/ca")]
pub async fn page(
    store: web::Data<Store>,
    request: HttpRequest,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, Problem> {
    let certificates = certificates(&store, &request)?;
    let language = match wish.lang.as_deref() {
        Some("en") => Language::En,
        Some(_) => Language::ZhTw,
        None => problem::language(&request),
    };
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let fills = Fills {
        language,
        fingerprint: certificates.authority().fingerprint(),
        https_url: https_url(&store, &request),
        is_encrypted: request.app_config().secure(),
        agent: agent.unwrap_or_default(),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((VARY, "Accept-Language, User-Agent"))
        .body(fills.page()))
}

/// The authority as a certificate in DER.
///
/// # Errors
/// `not_found` where HTTPS is switched off.
#[get("/ca.crt")]
pub async fn certificate(
    store: web::Data<Store>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let certificates = certificates(&store, &request)?;
    let name = "attachment; filename=\"store-hub.crt\"";
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/x-x509-ca-cert"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(certificates.authority().certificate().to_vec()))
}

/// The authority as a profile of iPhones and iPads.
///
/// # Errors
/// `not_found` where HTTPS is switched off.
#[get("/ca.mobileconfig")]
pub async fn profile(
    store: web::Data<Store>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let certificates = certificates(&store, &request)?;
    let der = certificates.authority().certificate();
    let named = |part: &str| {
        let name = [der.as_ref(), part.as_bytes()].concat();
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &name).to_string().to_uppercase()
    };
    let text = PROFILE
        .replace("{store}", &escaped(&store.settings.store.name))
        .replace("{certificate}", certificates.authority().base64())
        .replace("{certificate_id}", &named("certificate"))
        .replace("{profile_id}", &named("profile"));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/x-apple-aspen-config"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"store-hub.mobileconfig\""))
        .body(text))
}

/// The same host, over HTTPS.
fn https_url(store: &Store, request: &HttpRequest) -> String {
    let host = guard::host_of(guard::authority_of(request).unwrap_or_default());
    match store.tls_port {
        None | Some(443) => format!("https://{host}/"),
        Some(port) => format!("https://{host}:{port}/"),
    }
}

/// What the page's gaps are filled with.
struct Fills<'a> {
    language: Language,
    fingerprint: String,
    https_url: String,
    is_encrypted: bool,
    agent: &'a str,
}

impl Fills<'_> {
    fn page(&self) -> String {
        let (json, lang, other, other_name) = match self.language {
            Language::ZhTw => (ZH_TW, "zh-TW", "en", "English"),
            Language::En => (EN, "en", "zh-TW", "中文"),
        };
        // A test reads both texts: no parse error gets here.
        let texts: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
        let text = |key: &str| escaped(texts.get(key).map_or("", String::as_str));
        let state = text(if self.is_encrypted { "state.safe" } else { "state.open" });
        let systems: String = self.systems().map(|one| one.section(&text)).collect();
        let mut filled = PAGE
            .replace("{lang}", lang)
            .replace("{other}", other)
            .replace("{other_name}", other_name)
            .replace("{state}", &state)
            .replace("{fingerprint}", &self.fingerprint)
            .replace("{https_url}", &escaped(&self.https_url))
            .replace("{systems}", &systems);
        for key in texts.keys() {
            filled = filled.replace(&format!("{{{key}}}"), &text(key));
        }
        filled
    }

    /// Every system, the one that asks unfolded: the first whose words it says.
    fn systems(&self) -> impl Iterator<Item = System> {
        let says = |words: &[&str]| words.iter().any(|word| self.agent.contains(word));
        let asking = SYSTEMS.iter().position(|(_, words)| says(words));
        SYSTEMS
            .iter()
            .enumerate()
            .map(move |(index, (name, _))| System { name, is_asking: asking == Some(index) })
    }
}

struct System {
    name: &'static str,
    is_asking: bool,
}

impl System {
    fn section(&self, text: &impl Fn(&str) -> String) -> String {
        let Self { name, is_asking } = self;
        let open = if *is_asking { " open" } else { "" };
        let (file, download) = match *name {
            "ios" => ("/ca.mobileconfig", "download.profile"),
            _ => ("/ca.crt", "download"),
        };
        let steps: String =
            (1..=3).map(|step| format!("<li>{}</li>", text(&format!("{name}.{step}")))).collect();
        format!(
            "      <details{open}><summary>{}</summary><div><a class=\"get\" href=\"{file}\">{}</a>\
             <ol>{steps}</ol></div></details>\n",
            text(&format!("{name}.name")),
            text(download),
        )
    }
}

/// A text as it stands in HTML or XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(language: Language, agent: &str) -> String {
        let fingerprint = "AB:CD".to_owned();
        let https_url = "https://hub.local:8443/".to_owned();
        Fills { language, fingerprint, https_url, is_encrypted: false, agent }.page()
    }

    #[test]
    fn both_languages_say_the_same_things_and_leave_no_gap() {
        let keys = |json: &str| -> Vec<String> {
            let texts: BTreeMap<String, String> = serde_json::from_str(json).unwrap();
            assert!(texts.values().all(|text| !text.trim().is_empty()));
            texts.into_keys().collect()
        };
        assert_eq!(keys(ZH_TW), keys(EN));
        for language in [Language::ZhTw, Language::En] {
            let text = filled(language, "");
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(text.contains("AB:CD") && text.contains("https://hub.local:8443/"));
            assert_eq!(text.matches("<details>").count(), SYSTEMS.len());
        }
    }

    #[test]
    fn the_system_that_asks_is_unfolded() {
        for (agent, name) in [
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "iPhone and iPad"),
            ("Mozilla/5.0 (Linux; Android 15)", "Android"),
            ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "Mac"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Windows"),
        ] {
            let text = filled(Language::En, agent);
            assert!(text.contains(&format!("<details open><summary>{name}<")), "{agent}");
            assert_eq!(text.matches("<details open>").count(), 1);
        }
    }

    #[test]
    fn what_is_filled_in_is_no_markup() {
        assert_eq!(escaped("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
