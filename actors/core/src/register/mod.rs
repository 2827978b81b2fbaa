//! The register: what a cashier may do with a basket, and what comes of it.

mod age;
mod awaiting;
mod basket;
mod begin;
mod buyer;
mod card;
mod change;
mod command;
mod customer;
mod department;
mod deposit;
mod draft;
mod entered;
mod event;
mod known;
mod lines;
mod machine;
mod modify;
mod needed;
mod payable;
mod post_void;
mod priced;
mod pricing_view;
mod protocol;
mod record;
mod rules;
mod scan;
mod serial;
mod sign_on;
mod suspend;
mod tender;
mod till;
mod till_view;
mod view;

pub use age::AgeView;
pub use basket::{AbsorbedCommand, Basket, UNDO_DEPTH_MAX};
pub use buyer::BuyerView;
pub use card::CardView;
pub use command::{Command, CommandEnvelope, ScaleClaim};
pub use department::{DEPARTMENT_BYTES_MAX, DepartmentKey};
pub use draft::{Draft, DraftError, EndedTransaction};
pub use event::{BasketEvent, CommandAnswer, Outcome};
pub use machine::{Answer, RegisterMachine, RegisterState, SignedOn, WAITING_MAX};
pub use modify::ModifierRequest;
pub use needed::Circumstances;
pub use payable::PayableView;
pub use pricing_view::{AppliedView, CertificateView, CustomerView, PricingView};
pub use protocol::{
    Attached, DraftChange, ExplanationAsk, Known, PromptAsk, RegisterEffect, RegisterInput,
    Request, Ticket, TillAsk, TillNews,
};
pub use rules::{InForce, ReasonCodes, RegisterRules, card_reasons, cash_reasons};
pub use serial::SerialView;
pub use till::TillAnswer;
pub use till_view::{OpenTillView, TillView};
pub use view::{BasketView, LastSale, LineView, OperatorView, Phase, RegisterView, TenderView};
