mod pure;
mod wired;

use super::*;
