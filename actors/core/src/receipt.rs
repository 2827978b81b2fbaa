//! What the customer takes home.
