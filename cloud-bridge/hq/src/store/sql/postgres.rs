use std::collections::HashMap;
use std::error::Error as _;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::error::SqlState;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use super::{Param, Row, Value};
use crate::store::StoreError;

/// Statements kept prepared; all are let go together when there are more.
const STATEMENTS_MAX: usize = 256;
/// How long a server may take to be reached.
const CONNECT: Duration = Duration::from_secs(5);
/// Names the lock that keeps two programs from migrating at once: any number, but ours.
const MIGRATION_LOCK: i64 = 0x5354_4f52_4548_5542;

pub struct Postgres {
    config: Config,
    client: Option<Client>,
    statements: HashMap<String, Statement>,
}

impl Postgres {
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let mut config = Config::from_str(url)
            .map_err(|error| StoreError::BadAddress { reason: error.to_string() })?;
        refuse_what_is_far(&config)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        let client = connect(&config)?;
        Ok(Self { config, client: Some(client), statements: HashMap::new() })
    }

    pub fn migrate(&mut self, runner: &refinery::Runner) -> Result<(), StoreError> {
        let client = self.client()?;
        client.query("select pg_advisory_lock($1)", &[&MIGRATION_LOCK])?;
        let applied = runner.run(client).map(|_report| ());
        client.query("select pg_advisory_unlock($1)", &[&MIGRATION_LOCK])?;
        applied.map_err(|error| StoreError::Migration(Box::new(error)))
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.client()?.batch_execute(sql)?)
    }

    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        Ok(self.client()?.execute(&statement, &borrowed(params))?)
    }

    pub fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        for row in self.client()?.query(&statement, &borrowed(params))? {
            let values = (0..row.len()).map(|column| value(&row, column)).collect::<Result<_, _>>();
            each(&Row { values: values? })?;
        }
        Ok(())
    }

    /// A server that was restarted is found again by the next question.
    pub fn reconnect_if_closed(&mut self) -> Result<(), StoreError> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.statements.clear();
            self.client = Some(connect(&self.config)?);
        }
        Ok(())
    }

    fn client(&mut self) -> Result<&mut Client, StoreError> {
        let gone = || StoreError::Unavailable { reason: "there is no connection".to_owned() };
        self.client.as_mut().ok_or_else(gone)
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS_MAX {
            self.statements.clear();
        }
        let statement = self.client()?.prepare(&numbered(sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Drop for Postgres {
    /// Saying goodbye blocks, which the client refuses to do inside an asynchronous runtime; and
    /// nobody knows where the last owner drops this.
    fn drop(&mut self) {
        let client = self.client.take();
        // Where there is no thread to be had, the server notices by itself.
        let goodbye = std::thread::Builder::new().spawn(move || drop(client));
        let _ = goodbye.map(std::thread::JoinHandle::join);
    }
}

fn connect(config: &Config) -> Result<Client, StoreError> {
    let mut client = config.connect(NoTls)?;
    // Promises are durable when a transaction ends, whatever the server's own setting is.
    client.batch_execute("set synchronous_commit = on; set client_min_messages = warning")?;
    Ok(client)
}

/// The connection is not encrypted, so it may not leave this machine.
fn refuse_what_is_far(config: &Config) -> Result<(), StoreError> {
    let is_near = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    };
    let far = config.get_hosts().iter().find(|host| !is_near(host));
    if let Some(Host::Tcp(name)) = far {
        return Err(StoreError::NotLocal { host: name.clone() });
    }
    if let Some(far) = config.get_hostaddrs().iter().find(|address| !address.is_loopback()) {
        return Err(StoreError::NotLocal { host: far.to_string() });
    }
    if config.get_ssl_mode() == SslMode::Require {
        let reason = "sslmode=require: a connection on this machine is not encrypted".to_owned();
        return Err(StoreError::BadAddress { reason });
    }
    Ok(())
}

/// `?1` as PostgreSQL has it: `$1`. A question mark stands for nothing else in our texts.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

fn borrowed<'a>(params: &'a [Param<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

fn value(row: &postgres::Row, column: usize) -> Result<Value, StoreError> {
    let of = row.columns().get(column).map(|it| it.type_().clone()).unwrap_or(Type::UNKNOWN);
    let value = match of {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map(Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map(|it| Value::Int(it.into())),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Bytes),
        Type::NUMERIC | Type::BOOL => {
            return Err(StoreError::Sql { reason: format!("column {column} is of type {of}") });
        }
        _ => row.try_get::<_, Option<String>>(column)?.map(Value::Text),
    };
    Ok(value.unwrap_or(Value::Null))
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        of: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) if *of == Type::INT4 => i32::try_from(*value)?.to_sql(of, out),
            Self::Int(value) if *of == Type::INT8 => value.to_sql(of, out),
            Self::Text(value) if matches!(*of, Type::TEXT | Type::VARCHAR | Type::UNKNOWN) => {
                if value.contains('\0') {
                    return value.replace('\0', "\u{fffd}").to_sql(of, out);
                }
                value.to_sql(of, out)
            }
            Self::Bytes(value) if *of == Type::BYTEA => value.to_sql(of, out),
            _ => Err(format!("{self:?} is not of type {of}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl From<postgres::Error> for StoreError {
    fn from(source: postgres::Error) -> Self {
        let detail = source.source().map(ToString::to_string).unwrap_or_default();
        let reason = format!("{source}: {detail}");
        let Some(state) = source.code() else {
            // Not the server's word: the connection, or a value that does not fit its column.
            let is_connection = source.is_closed() || source.source().is_some_and(is_io);
            return match is_connection {
                true => Self::Unavailable { reason },
                false => Self::Sql { reason },
            };
        };
        if *state == SqlState::DISK_FULL {
            return Self::Full { reason };
        }
        // Connection, transaction to be tried again, resources, operator, system: by class.
        let passes = ["08", "40", "53", "55", "57", "58"];
        match passes.iter().any(|class| state.code().starts_with(class)) {
            true => Self::Unavailable { reason },
            false => Self::Sql { reason },
        }
    }
}

fn is_io(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<std::io::Error>() || error.source().is_some_and(is_io)
}
