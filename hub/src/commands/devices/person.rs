//! The one who sits at the terminal.

use std::io::{self, BufRead, IsTerminal as _, Write as _};

use service_kit::exit::{ExitCode, Failure};

/// Somebody who is asked questions. Whoever answers no more has said no to the rest.
pub(super) struct Person<R> {
    answers: R,
}

impl Person<io::StdinLock<'static>> {
    /// The one at the terminal.
    ///
    /// # Errors
    /// [`Failure`]: nobody sits there.
    pub fn here() -> Result<Self, Failure> {
        if io::stdin().is_terminal() {
            return Ok(Self { answers: io::stdin().lock() });
        }
        let text = "--try asks at a terminal, and standard input is none";
        Err(Failure::new(ExitCode::Usage, text)
            .hint("run it at a terminal, or without --try: --write takes what answers"))
    }
}

impl<R: BufRead> Person<R> {
    /// The one who answers so.
    #[cfg(test)]
    pub const fn answering(answers: R) -> Self {
        Self { answers }
    }

    /// Asks, and takes a line; an empty one where nothing is said.
    pub fn ask(&mut self, question: &str) -> String {
        let mut out = io::stderr().lock();
        let _ = write!(out, "{question} ").and_then(|()| out.flush());
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(_) => line.trim().to_owned(),
            Err(_) => String::new(),
        }
    }

    /// Asks for a yes; all else is a no.
    pub fn agrees(&mut self, question: &str) -> bool {
        let answer = self.ask(&format!("{question} [y/N]"));
        matches!(answer.to_lowercase().as_str(), "y" | "yes")
    }

    /// Asks for one of some words; nothing where nothing is said. What is none of them is asked
    /// again, as often as somebody may mistype.
    pub fn choose<'a>(&mut self, question: &str, words: &[&'a str]) -> Option<&'a str> {
        const ATTEMPTS_MAX: usize = 3;
        for _ in 0..ATTEMPTS_MAX {
            let answer = self.ask(&format!("{question} ({}; Enter for none)", words.join(", ")));
            let found = words.iter().find(|word| **word == answer);
            if found.is_some() || answer.is_empty() {
                return found.copied();
            }
        }
        None
    }

    /// Asks which registers use it; none are all.
    pub fn registers(&mut self, most: u16) -> Vec<u16> {
        let answer = self.ask(&format!(
            "Which registers use it? (of 1 to {most}, as 1,2; Enter for the whole store)"
        ));
        let numbers = answer.split(',').filter_map(|number| number.trim().parse().ok());
        numbers.filter(|number| (1..=most).contains(number)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(said: &'static str) -> Person<&'static [u8]> {
        Person::answering(said.as_bytes())
    }

    #[test]
    fn only_a_yes_is_one() {
        let mut person = person("y\nYES\nno\n\nmaybe\n");
        let agrees: Vec<_> = (0..6).map(|_| person.agrees("?")).collect();
        assert_eq!(agrees, [true, true, false, false, false, false]);
    }

    #[test]
    fn a_word_that_there_is_not_is_asked_for_again() {
        let words = ["scale", "printer"];
        assert_eq!(person("scael\nscale\n").choose("?", &words), Some("scale"));
        assert_eq!(person("\n").choose("?", &words), None);
        assert_eq!(person("a\nb\nc\nscale\n").choose("?", &words), None);
    }

    #[test]
    fn registers_that_there_are_not_are_left_out() {
        assert_eq!(person("1, 2,x,9\n").registers(2), [1, 2]);
        assert!(person("\n").registers(2).is_empty());
    }
}
