mod bytes;
mod faults;
mod line;
