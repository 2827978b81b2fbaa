use hq_wire::link::v1::Reply;
use serde_json::Value;

use super::{CommandView, ReplyView};
use crate::store::StoreError;
use crate::store::sql::{Connection, Row, params};

/// What a store was asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub id: String,
    pub store: String,
    pub name: String,
    pub body: Value,
    pub asked_ms: i64,
    pub expires_ms: i64,
}

const COLUMNS: &str = "id, store, name, body, asked_ms, expires_ms";

impl Asked {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.string(0)?,
            store: row.string(1)?,
            name: row.string(2)?,
            body: serde_json::from_str(row.text(3)?).unwrap_or_default(),
            asked_ms: row.int(4)?,
            expires_ms: row.int(5)?,
        })
    }

    pub fn view(self, reply: Option<ReplyView>) -> CommandView {
        let Self { id, store, name, body, asked_ms, expires_ms } = self;
        CommandView { id, store, name, body, asked_ms, expires_ms, reply }
    }
}

pub(super) fn put(sql: &mut Connection, asked: &Asked, by: &str) -> Result<(), StoreError> {
    let text = "insert into commands (id, store, name, body, asked_ms, expires_ms, asked_by) \
                values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Asked { id, store, name, body, asked_ms, expires_ms } = asked;
    let body = body.to_string();
    sql.execute(text, params![id, store, name, &body, *asked_ms, *expires_ms, by]).map(drop)
}

/// What a store was asked, has not answered, and may still answer; the oldest first.
pub(super) fn open_of(
    sql: &mut Connection,
    store: &str,
    now_ms: i64,
) -> Result<Vec<Asked>, StoreError> {
    let text = format!(
        "select {COLUMNS} from commands \
         where store = ?1 and expires_ms > ?2 and answered_ms is null order by asked_ms, id"
    );
    sql.query(&text, params![store, now_ms], Asked::read)
}

/// Writes down what a store answered to what it was asked.
pub(super) fn answer(
    sql: &mut Connection,
    store: &str,
    reply: &Reply,
    now_ms: i64,
) -> Result<(), StoreError> {
    let text = "update commands set answered_ms = ?3, refused = ?4, answer = ?5 \
                where id = ?1 and store = ?2 and answered_ms is null";
    let body = reply.body.to_string();
    let values = params![&reply.id, store, now_ms, reply.refused.as_deref(), &body];
    sql.execute(text, values).map(drop)
}

pub(super) fn outcome(sql: &mut Connection, id: &str) -> Result<Option<CommandView>, StoreError> {
    let text =
        format!("select {COLUMNS}, answered_ms, refused, answer from commands where id = ?1");
    sql.query_one(&text, params![id], |row| {
        let reply = match (row.opt_int(6)?, row.opt_string(8)?) {
            (Some(answered_ms), Some(answer)) => {
                let body = serde_json::from_str(&answer).unwrap_or_default();
                Some(ReplyView { answered_ms, refused: row.opt_string(7)?, body })
            }
            _ => None,
        };
        Ok(Asked::read(row)?.view(reply))
    })
}

pub(super) fn forget_before(sql: &mut Connection, ms: i64) -> Result<(), StoreError> {
    sql.execute("delete from commands where expires_ms < ?1", params![ms]).map(drop)
}
