//! The values of the domain as they stand in JSON. They mirror types of `store-core`, which knows
//! nothing of the web; a test holds every real body against them.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// A sum of money. The amount is a decimal text, never a number: `"45"` in TWD, `"12.50"` in USD.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "amount": "45", "currency": "TWD" }))]
pub struct Money {
    /// In the major unit, with at most as many decimals as the currency has; ± 10¹⁵ minor units.
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$", max_length = 32)]
    pub amount: String,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

/// How much of something, to the thousandth of its unit; pieces are whole.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "amount": "2", "unit": "piece" }))]
pub struct Quantity {
    /// A decimal text, within ± 1,000,000.
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$", max_length = 32)]
    pub amount: String,
    /// What is counted.
    pub unit: Unit,
}

/// What a quantity counts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Things that are counted.
    Piece,
    /// Things that are weighed.
    Kilogram,
    /// Things that are measured out.
    Litre,
    /// Fuel in the United States.
    Gallon,
}

/// An id that people gave: an item, a person, a workstation, a store, a reason, a way of paying.
/// 1 to 64 bytes, no control characters, no space at either end.
#[derive(Serialize, ToSchema)]
#[schema(min_length = 1, max_length = 64, example = "1")]
pub struct TextId(pub String);

/// An id that a machine made: a transaction, a command, a stream, a boot. The terminal makes those
/// of its transactions and commands (`UUIDv7`), because it is the one that may have to retry.
#[derive(Serialize, ToSchema)]
#[schema(format = "uuid", example = "01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e3f")]
pub struct Id(pub String);

/// A person's PIN. On the way in it may be anything; only 6 to 12 digits are ever right.
#[derive(Serialize, ToSchema)]
#[schema(format = "password", example = "274951")]
pub struct Pin(pub String);

/// The number of a line in its basket: 1, 2, 3 …
#[derive(Serialize, ToSchema)]
#[schema(minimum = 0, maximum = 4_294_967_295_u32, example = 1)]
pub struct LineNumber(pub u32);

/// One thing that somebody may do, as docs/permissions.md names them.
pub struct Permission;

impl utoipa::PartialSchema for Permission {
    fn schema() -> RefOr<Schema> {
        let codes = store_core::permission::Permission::ALL.iter().map(|one| one.code());
        let of_permissions = "One thing that somebody may do (docs/permissions.md).";
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(codes))
            .description(Some(of_permissions))
            .into()
    }
}

impl ToSchema for Permission {}
