//! An event in one line, for people.

use store_core::register::{Answer, Command, Known, RegisterInput, Request};
use store_core::{CommandId, TransactionId};
use store_journal::Write;

use super::counts::Countable as _;
use super::events::{Ask, Attempt, Carriage, Event, Reply};
use super::office::OFFICE;

pub fn describe(event: &Event) -> String {
    match event {
        Event::Cashier(client) => format!("{} looks up", name(*client)),
        Event::NoAnswer(attempt) => format!("{} has waited", who(*attempt)),
        Event::Resend(attempt) => format!("{} asks again", who(*attempt)),
        Event::Reply(attempt, reply) => format!("{} is told {}", who(*attempt), told(reply)),
        Event::Ask(attempt, ask, how) => {
            format!("hub is asked{} by {}: {}", carried(*how), who(*attempt), asked(ask))
        }
        Event::Register(at, input, how) => {
            format!("register {}{} gets {}", at + 1, carried(*how), got(input))
        }
        Event::LookUp(at, _, id, _) => format!("register {} looks up {}", at + 1, short(*id)),
        Event::Write(write) => format!("journal is given {}", written(&write.0)),
        Event::CommitDone => "journal commits".to_owned(),
        Event::Written(outcomes) => {
            let failed = outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err());
            let failed: Vec<String> = failed.map(ToString::to_string).collect();
            format!("journal answers {} writes {}", outcomes.len(), failed.join(", "))
        }
        Event::Announced(row, how) => {
            let (kind, sequence) = (row.fact.kind(), row.position.sequence.0);
            format!("inventory hears of row {sequence}{} {kind}", carried(*how))
        }
        Event::ReadAfter(position) => format!("inventory reads on after {}", position.sequence.0),
        Event::FactsRead(facts) => {
            format!("inventory gets {:?} rows", facts.as_ref().as_ref().map(Vec::len))
        }
        Event::News(news) => format!("alerts get {} news", news.len()),
        Event::ReceiptQueued(id, how) => {
            format!("printer hears of {}{}", short(*id), carried(*how))
        }
        Event::PrinterRetry => "printer tries again".to_owned(),
        Event::Disaster => "fate looks up".to_owned(),
        Event::Over(fault) => format!("{} is over", fault.name()),
        Event::PowerBack => "hub starts".to_owned(),
    }
}

fn name(client: usize) -> String {
    if client == OFFICE { "office".to_owned() } else { format!("terminal {}", client + 1) }
}

fn who(attempt: Attempt) -> String {
    format!("{} #{}", name(attempt.client), attempt.number)
}

const fn carried(how: Carriage) -> &'static str {
    match how {
        Carriage::Plain => "",
        Carriage::Second => " (once more)",
        Carriage::Late => " (late)",
    }
}

fn short(id: TransactionId) -> String {
    id.to_string().chars().take(8).collect()
}

fn short_command(id: CommandId) -> String {
    id.to_string().chars().take(8).collect()
}

fn asked(ask: &Ask) -> String {
    match ask {
        Ask::Request(Request::Command { envelope, .. }) => format!(
            "{} in {} at version {} ({})",
            command(&envelope.command),
            short(envelope.transaction_id),
            envelope.version,
            short_command(envelope.command_id),
        ),
        Ask::Request(Request::SignOn { operator, .. }) => format!("{operator} signs on"),
        Ask::Request(Request::ChangeOperator { operator, before, .. }) => {
            format!("{operator} takes over from {before}")
        }
        Ask::Request(Request::SignOff { operator, .. }) => format!("{operator} signs off"),
        Ask::Request(Request::Till(ask)) => {
            format!("{} at the till {:?}", ask.operator, ask.command)
        }
        Ask::Outcome(id, command) => {
            format!("what became of {} in {}", short_command(*command), short(*id))
        }
        Ask::Look => "how it looks".to_owned(),
        Ask::Append(_, fact) => fact.kind().to_owned(),
    }
}

fn command(command: &Command) -> String {
    match command {
        Command::ScanItem { code, onto: Some(line), item: None } => {
            format!("scan {code} onto {line}")
        }
        Command::ScanItem { code, .. } => format!("scan {code}"),
        Command::Tender { tender_type, amount, .. } => format!("{tender_type} {amount:?}"),
        other => format!("{other:?}"),
    }
}

fn told(reply: &Reply) -> String {
    match reply {
        Reply::Answered(Answer::Command(answer)) => {
            let again = if answer.repeated { " again" } else { "" };
            format!("{:?} at version {}{again}", answer.outcome.event, answer.outcome.version)
        }
        Reply::Answered(Answer::Register(view)) => format!("{:?}", view.phase),
        Reply::Answered(Answer::Till(answer)) => answer.kind.to_owned(),
        Reply::Refused(refusal, _) => format!("no: {}", refusal.code.as_str()),
        Reply::Outcome(outcome, _) => format!("{outcome:?}"),
        Reply::View(view) => format!("how it looks: {:?}", view.phase),
        Reply::Appended(result) => format!("{result:?}"),
    }
}

fn got(input: &RegisterInput) -> String {
    match input {
        RegisterInput::LookedUp { known, .. } => {
            let is_over = known.as_ref().map(|known| matches!(known, Known::Ended { .. }));
            format!("that it is over: {is_over:?}")
        }
        RegisterInput::Priced { .. } => "prices".to_owned(),
        RegisterInput::DraftSaved { attempt } => format!("draft #{attempt} saved"),
        RegisterInput::DraftFailed { attempt, code } => {
            format!("draft #{attempt} failed: {}", code.as_str())
        }
        RegisterInput::Committed { .. } => "committed".to_owned(),
        RegisterInput::AppendFailed { code, .. } => format!("append failed: {}", code.as_str()),
        _ => "something else".to_owned(),
    }
}

fn written(write: &Write) -> String {
    match write {
        Write::Append(append) => append.fact.kind().to_owned(),
        Write::SaveDraft(draft) => {
            format!("draft {} of {}", draft.version, short(draft.transaction))
        }
        Write::Print { .. } => "how far a receipt is".to_owned(),
        Write::Diverge { .. } => "a new stream".to_owned(),
        _ => "something else".to_owned(),
    }
}
