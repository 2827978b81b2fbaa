//! The command line, as the one who types it sees it.
