//! An event in one line, for people.

use cloud_bridge::pump::Input;

use super::events::{Carriage, Down, Event, Message};

pub fn describe(event: &Event) -> String {
    match event {
        Event::Trade(hub) => format!("hub {hub} sells"),
        Event::Tick(hub, _) => format!("hub {hub} ticks"),
        Event::Pump(hub, run, input) => format!("hub {hub} run {run} is told {}", answered(input)),
        Event::Connect(hub, attempt) => format!("hub {hub} connects, attempt {attempt}"),
        Event::PowerBack(hub) => format!("hub {hub} starts"),
        Event::LinkRestored(hub) => format!("hub {hub} has its cable again"),
        Event::AtBroker(link, message, how) => {
            format!("broker is sent{} on {link}: {}", carried(*how), said(message))
        }
        Event::AtStore(link, down) => format!("link {link} brings {}", brought(down)),
        Event::Breaks(link) => format!("link {link} breaks"),
        Event::WillAtBroker(message) => format!("broker publishes {}", said(message)),
        Event::BrokerBack => "broker starts".to_owned(),
        Event::AtHq(_, message, how) => {
            format!("headquarters is sent{}: {}", carried(*how), said(message))
        }
        Event::Commit(_, worker) => format!("worker {worker} commits"),
        Event::AckAtBroker(store, ack, how) => {
            format!("broker is sent{} for {store}: {ack:?}", carried(*how))
        }
        Event::HqConnects(_) => "headquarters connects".to_owned(),
        Event::HqBack => "headquarters starts".to_owned(),
        Event::Disaster => "fate looks up".to_owned(),
        Event::Over(fault) => format!("{fault:?} is over"),
    }
}

const fn carried(how: Carriage) -> &'static str {
    match how {
        Carriage::Plain => "",
        Carriage::Second => " (once more)",
        Carriage::Late => " (late)",
    }
}

fn said(message: &Message) -> String {
    let upto = message.last.map_or_else(String::new, |last| format!(" up to {}", last.through));
    format!("{}{upto}", message.topic)
}

fn brought(down: &Down) -> String {
    match down {
        Down::Subscribed => "the subscription".to_owned(),
        Down::Confirmed(token) => format!("the confirmation of {token}"),
        Down::Ack(ack, how) => format!("{ack:?}{}", carried(*how)),
    }
}

fn answered(input: &Input) -> String {
    match input {
        Input::Read { wire, after, rows } => {
            format!("{} rows of {wire} after {after}", rows.len())
        }
        Input::Loaded { stream, cursor, branch } => {
            let through = cursor.map(|it| it.through);
            format!("what was saved of {stream}: {through:?}, {branch:?}")
        }
        Input::Compared { ack, here, .. } => {
            let is_same = *here == Some(ack.digest);
            format!("row {} of {} is the same: {is_same}", ack.through, ack.wire)
        }
        _ => "something else".to_owned(),
    }
}
