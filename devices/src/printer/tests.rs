mod bytes;
mod driver;
mod receipt;
mod symbols;
