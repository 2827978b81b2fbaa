//! The tables of people, in the database.

use crate::store::StoreError;
use crate::store::sql::{Connection, Row, params};

use super::{Reach, Role, Session, UserView};

/// A person, as the database has them.
#[derive(Clone, Debug)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The regions or stores.
    pub scopes: Vec<String>,
    /// What their password is known by.
    pub password_hash: String,
}

const COLUMNS: &str = "id, name, role, scopes, password_hash";

impl User {
    fn read(row: &Row) -> Result<Self, StoreError> {
        // What a newer program wrote may be a role that is not known here: it sees nothing.
        let role = Role::from_code(row.text(2)?).unwrap_or(Role::Store);
        let scopes = serde_json::from_str(row.text(3)?).unwrap_or_default();
        let (id, name) = (row.string(0)?, row.string(1)?);
        Ok(Self { id, name, role, scopes, password_hash: row.string(4)? })
    }

    /// As others may see them.
    #[must_use]
    pub fn view(&self) -> UserView {
        let (id, name, scope) = (self.id.clone(), self.name.clone(), self.scopes.clone());
        UserView { id, name, role: self.role, scope }
    }
}

pub(super) fn has_users(sql: &mut Connection) -> Result<bool, StoreError> {
    Ok(sql.query_one("select 1 from users limit 1", &[], |_| Ok(()))?.is_some())
}

pub(super) fn users(sql: &mut Connection) -> Result<Vec<User>, StoreError> {
    sql.query(&format!("select {COLUMNS} from users order by id"), &[], User::read)
}

pub(super) fn user(sql: &mut Connection, id: &str) -> Result<Option<User>, StoreError> {
    let text = format!("select {COLUMNS} from users where id = ?1");
    sql.query_one(&text, params![id], User::read)
}

/// Adds somebody; false where the id is taken.
pub(super) fn add(sql: &mut Connection, user: &User, now_ms: i64) -> Result<bool, StoreError> {
    let scopes = serde_json::to_string(&user.scopes).unwrap_or_default();
    let text = "insert into users (id, name, role, scopes, password_hash, added_ms) \
                values (?1, ?2, ?3, ?4, ?5, ?6) on conflict (id) do nothing";
    let role = user.role.code();
    let values = params![&user.id, &user.name, role, &scopes, &user.password_hash, now_ms];
    Ok(sql.execute(text, values)? == 1)
}

/// Adds the first of all; false where there is somebody.
pub(super) fn add_first(sql: &mut Connection, user: &User, now: i64) -> Result<bool, StoreError> {
    sql.write(|sql| if has_users(sql)? { Ok(false) } else { add(sql, user, now) })
}

/// What came of a change.
pub(super) enum Written {
    /// It is done, and these sessions ended with it.
    Done {
        /// Their hashes.
        ended: Vec<String>,
    },
    /// There is nobody with this id.
    NoSuchUser,
    /// There would be no administrator any more.
    LastAdmin,
}

/// Somebody, whom nobody else changes before this transaction ends.
fn locked(sql: &mut Connection, id: &str) -> Result<Option<User>, StoreError> {
    // The administrators first: of two of them who take off one another, one stays.
    let admins = "select id from users where role = 'admin' order by id";
    sql.lock(admins, &[], |_| Ok(()))?;
    let text = format!("select {COLUMNS} from users where id = ?1");
    sql.lock(&text, params![id], User::read)
}

/// Whether there is an administrator besides somebody.
fn has_other_admin(sql: &mut Connection, id: &str) -> Result<bool, StoreError> {
    let text = "select 1 from users where role = 'admin' and id <> ?1 limit 1";
    Ok(sql.query_one(text, params![id], |_| Ok(()))?.is_some())
}

/// Ends somebody's sessions, and says which.
fn ended(sql: &mut Connection, id: &str) -> Result<Written, StoreError> {
    let text = "select token_hash from sessions where user_id = ?1";
    let ended = sql.query(text, params![id], |row| row.string(0))?;
    sql.execute("delete from sessions where user_id = ?1", params![id])?;
    Ok(Written::Done { ended })
}

/// Makes somebody what the view says, with another password where there is one.
pub(super) fn change(
    sql: &mut Connection,
    to: &UserView,
    password_hash: Option<&str>,
) -> Result<Written, StoreError> {
    sql.write(|sql| {
        let Some(user) = locked(sql, &to.id)? else { return Ok(Written::NoSuchUser) };
        let is_lowered = user.role == Role::Admin && to.role != Role::Admin;
        if is_lowered && !has_other_admin(sql, &to.id)? {
            return Ok(Written::LastAdmin);
        }
        let scopes = serde_json::to_string(&to.scope).unwrap_or_default();
        let hash = password_hash.unwrap_or(&user.password_hash);
        let text = "update users set name = ?2, role = ?3, scopes = ?4, password_hash = ?5 \
                    where id = ?1";
        sql.execute(text, params![&to.id, &to.name, to.role.code(), &scopes, hash])?;
        let stays = password_hash.is_none() && user.role == to.role && user.scopes == to.scope;
        if stays { Ok(Written::Done { ended: Vec::new() }) } else { ended(sql, &to.id) }
    })
}

/// Takes somebody off.
pub(super) fn remove(sql: &mut Connection, id: &str) -> Result<Written, StoreError> {
    sql.write(|sql| {
        let Some(user) = locked(sql, id)? else { return Ok(Written::NoSuchUser) };
        if user.role == Role::Admin && !has_other_admin(sql, id)? {
            return Ok(Written::LastAdmin);
        }
        sql.execute("delete from users where id = ?1", params![id])?;
        ended(sql, id)
    })
}

/// Ends all sessions of somebody.
pub(super) fn end_sessions(sql: &mut Connection, id: &str) -> Result<Written, StoreError> {
    sql.write(|sql| match locked(sql, id)? {
        Some(_) => ended(sql, id),
        None => Ok(Written::NoSuchUser),
    })
}

/// Opens a session for somebody as they were read; false where they are gone since, or have
/// another password.
pub(super) fn open_session(
    sql: &mut Connection,
    token_hash: &str,
    user: &User,
    now_ms: i64,
    expires_ms: i64,
) -> Result<bool, StoreError> {
    sql.write(|sql| {
        let text = "select password_hash from users where id = ?1";
        let hash = sql.lock(text, params![&user.id], |row| row.string(0))?;
        if hash.as_ref() != Some(&user.password_hash) {
            return Ok(false);
        }
        let text = "insert into sessions (token_hash, user_id, created_ms, expires_ms) \
                    values (?1, ?2, ?3, ?4)";
        sql.execute(text, params![token_hash, &user.id, now_ms, expires_ms])?;
        Ok(true)
    })
}

/// The session with this hash, and when it runs out.
pub(super) fn session(
    sql: &mut Connection,
    token_hash: &str,
) -> Result<Option<(Session, i64)>, StoreError> {
    let text = "select u.id, u.name, u.role, u.scopes, u.password_hash, s.expires_ms \
                from sessions s join users u on u.id = s.user_id where s.token_hash = ?1";
    sql.query_one(text, params![token_hash], |row| {
        let user = User::read(row)?;
        let reach = Reach::of(user.role, &user.scopes);
        let session = Session { user: user.view(), reach, token_hash: token_hash.to_owned() };
        Ok((session, row.int(5)?))
    })
}

pub(super) fn extend_session(
    sql: &mut Connection,
    token_hash: &str,
    expires_ms: i64,
) -> Result<(), StoreError> {
    let text = "update sessions set expires_ms = ?2 where token_hash = ?1";
    sql.execute(text, params![token_hash, expires_ms]).map(drop)
}

pub(super) fn close_session(sql: &mut Connection, token_hash: &str) -> Result<(), StoreError> {
    sql.execute("delete from sessions where token_hash = ?1", params![token_hash]).map(drop)
}

pub(super) fn forget_sessions_before(sql: &mut Connection, now: i64) -> Result<(), StoreError> {
    sql.execute("delete from sessions where expires_ms < ?1", params![now]).map(drop)
}

/// Every failure that was written down: key, failures, locked until.
pub(super) fn lockouts(sql: &mut Connection) -> Result<Vec<(String, u32, i64)>, StoreError> {
    sql.query("select key, failures, locked_until_ms from lockouts", &[], |row| {
        let failures = u32::try_from(row.int(1)?).unwrap_or(u32::MAX);
        Ok((row.string(0)?, failures, row.int(2)?))
    })
}

pub(super) fn put_lockout(
    sql: &mut Connection,
    key: &str,
    failures: u32,
    until_ms: i64,
) -> Result<(), StoreError> {
    let text = "insert into lockouts (key, failures, locked_until_ms) values (?1, ?2, ?3) \
                on conflict (key) do update set failures = ?2, locked_until_ms = ?3";
    sql.execute(text, params![key, i64::from(failures), until_ms]).map(drop)
}

pub(super) fn clear_lockout(sql: &mut Connection, key: &str) -> Result<(), StoreError> {
    sql.execute("delete from lockouts where key = ?1", params![key]).map(drop)
}
