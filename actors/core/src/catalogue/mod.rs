//! What the store sells.
