//! Everything that is tested through more than one crate lives in `it/`, as one binary: one link,
//! one process, one closing line. This library is empty; it holds the binaries under test together.
