//! Headquarters: ingest, storage, policy and live dashboards. This version has only its place and
//! its name in the workspace, so that the walls around it are tested from the start.
