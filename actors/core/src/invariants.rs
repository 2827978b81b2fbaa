//! Laws that hold whatever happens.
