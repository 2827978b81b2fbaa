//! How a browser becomes a register: set up once, claimed by the manager, signed on by a cashier.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use ureq::http::Method;
use uuid::Uuid;

use super::{ClientError, Connection, Credentials, Crew};

/// What the process that opened a store knows of it.
#[derive(Clone, Copy, Debug)]
pub struct StoreAccess<'a> {
    /// Where it answers.
    pub url: &'a str,
    /// The code that sets it up, where it still has to be.
    pub setup_code: Option<&'a str>,
    /// Where its credentials are kept.
    pub directory: &'a Path,
    /// Who works there.
    pub crew: Crew,
}

const OPERATORS: &str = "/api/v1/operators";

#[derive(Deserialize)]
struct Person {
    id: String,
}

#[derive(Deserialize)]
struct SignInView {
    needs_setup: bool,
}

/// Brings the registers 1 to `registers`, and those of an earlier run, to work. The second value
/// says whether the store was set up before, so that it may know baskets already.
///
/// # Errors
/// Where the hub does not let them, or the credentials cannot be kept.
pub fn sign_on(
    access: StoreAccess<'_>,
    registers: usize,
) -> Result<(Vec<(usize, Connection)>, bool), ClientError> {
    let mut signed_on = Vec::new();
    let mut was_set_up = false;
    sign_on_each(access, registers, &mut |register, connection, is_resumed| {
        signed_on.push((register, connection));
        was_set_up = is_resumed;
    })?;
    Ok((signed_on, was_set_up))
}

/// As [`sign_on`], and hands over each register as soon as it can sell: its number, its connection
/// and whether the store was set up before.
///
/// # Errors
/// As [`sign_on`].
pub fn sign_on_each(
    access: StoreAccess<'_>,
    registers: usize,
    on_signed_on: &mut dyn FnMut(usize, Connection, bool),
) -> Result<(), ClientError> {
    let manager = Connection::new(access.url);
    let view: SignInView = manager.get("/api/v1/sign-in")?.read("GET /api/v1/sign-in")?;
    let path = Credentials::path(access.directory);
    if !view.needs_setup && !path.exists() {
        return Err(ClientError::NoCredentials { path });
    }
    let credentials = Credentials::for_registers(access.directory, registers, access.crew)?;
    if view.needs_setup {
        set_up(&manager, access, &credentials)?;
    }
    open_session(&manager, access.crew.manager, &credentials.manager_pin)?;
    let people: Vec<Person> = manager.get(OPERATORS)?.read("GET /api/v1/operators")?;
    for (register, pin) in &credentials.cashier_pins {
        let cashier = access.crew.cashier(*register);
        if !people.iter().any(|person| person.id == cashier) {
            add_cashier(&manager, &cashier, pin)?;
        }
        let connection = claim(access, &credentials, *register, pin)?;
        on_signed_on(*register, connection, !view.needs_setup);
    }
    Ok(())
}

fn set_up(
    manager: &Connection,
    access: StoreAccess<'_>,
    credentials: &Credentials,
) -> Result<(), ClientError> {
    let code = access.setup_code.ok_or(ClientError::NoSetupCode)?;
    let pin = &credentials.manager_pin;
    let operator = json!({"id": access.crew.manager, "name": access.crew.manager_name, "pin": pin});
    let body = json!({"code": code, "operator": operator});
    let reply = manager.send(&Method::POST, "/api/v1/setup", &body)?;
    // An answer that got lost: the repeat finds the work done, with the PIN that was kept first.
    if reply.is_success() || reply.code() == "already_set_up" {
        return Ok(());
    }
    Err(reply.unexpected("POST /api/v1/setup"))
}

fn open_session(browser: &Connection, operator: &str, pin: &str) -> Result<(), ClientError> {
    let body = json!({"operator": operator, "pin": pin, "command_id": Uuid::now_v7()});
    let reply = browser.send(&Method::POST, "/api/v1/session", &body)?;
    if reply.is_success() { Ok(()) } else { Err(reply.unexpected("POST /api/v1/session")) }
}

fn add_cashier(manager: &Connection, id: &str, pin: &str) -> Result<(), ClientError> {
    // What was sold is sold again at the prices and with the reductions of then: a cashier alone
    // may not say them.
    let operator = json!({"id": id, "name": id, "role": "supervisor", "pin": pin});
    let reply = manager.send(&Method::POST, OPERATORS, &operator)?;
    // An answer that got lost: the repeat finds the cashier there already.
    if reply.is_success() || reply.code() == "operator_exists" {
        return Ok(());
    }
    Err(reply.unexpected("POST /api/v1/operators"))
}

/// Brings one register of a store that is set up to work; whoever was there is thrown out.
///
/// # Errors
/// As [`sign_on`].
pub fn sign_on_at(access: StoreAccess<'_>, register: usize) -> Result<Connection, ClientError> {
    let credentials = Credentials::for_registers(access.directory, register, access.crew)?;
    let pin = credentials.cashier_pins.get(&register).cloned().unwrap_or_default();
    claim(access, &credentials, register, &pin)
}

/// A browser that is no workstation, in which the manager of a store that is set up has signed in.
///
/// # Errors
/// As [`sign_on`].
pub fn office(access: StoreAccess<'_>) -> Result<Connection, ClientError> {
    let credentials = Credentials::for_registers(access.directory, 0, access.crew)?;
    let browser = Connection::new(access.url);
    open_session(&browser, access.crew.manager, &credentials.manager_pin)?;
    Ok(browser)
}

fn claim(
    access: StoreAccess<'_>,
    credentials: &Credentials,
    register: usize,
    pin: &str,
) -> Result<Connection, ClientError> {
    let browser = Connection::new(access.url);
    let path = format!("/api/v1/workstations/{register}/claim");
    let body = json!({"operator": access.crew.manager, "pin": credentials.manager_pin});
    let reply = browser.send(&Method::POST, &path, &body)?;
    if !reply.is_success() {
        return Err(reply.unexpected(&format!("POST {path}")));
    }
    open_session(&browser, &access.crew.cashier(register), pin)?;
    Ok(browser)
}
