mod bytes;
mod driver;
mod receipt;
