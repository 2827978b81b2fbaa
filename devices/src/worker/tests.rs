use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::*;
use crate::port::{MemoryPort, memory_pair};

/// Echoes a byte; one that is not answered is a silent device.
struct Echo {
    answers: mpsc::Sender<Option<u8>>,
}

const WAIT: Duration = Duration::from_millis(50);

impl Echo {
    fn ask(port: &mut dyn Port, byte: u8) -> io::Result<u8> {
        port.write(&[byte])?;
        let mut answer = [0];
        match port.read(&mut answer, WAIT)? {
            0 => Err(io::ErrorKind::TimedOut.into()),
            _ => Ok(answer[0]),
        }
    }
}

impl Driver for Echo {
    type Task = u8;

    fn begin(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        Self::ask(port, 0).map(|_| Condition::Ready)
    }

    fn perform(&mut self, port: &mut dyn Port, task: u8) -> io::Result<Condition> {
        let answer = Self::ask(port, task);
        self.answers.send(answer.as_ref().ok().copied()).unwrap();
        answer.map(|_| Condition::Ready)
    }

    fn look(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        let answer = Self::ask(port, 0)?;
        Ok(if answer == 0 { Condition::Ready } else { Condition::Faulty("odd") })
    }

    fn rhythm(&self) -> Rhythm {
        Rhythm::Looks(Duration::from_millis(5))
    }

    fn refuse(&mut self, _: u8) {
        self.answers.send(None).unwrap();
    }
}

/// What the other end does with every byte until its plug is pulled.
fn answer_all(mut port: MemoryPort, answer: impl Fn(u8) -> Option<u8> + Send + 'static) {
    thread::spawn(move || {
        let mut byte = [0];
        while let Ok(count) = port.read(&mut byte, Duration::from_secs(5)) {
            let reply = (count > 0).then(|| answer(byte[0])).flatten();
            if reply.is_some_and(|reply| port.write(&[reply]).is_err()) {
                return;
            }
        }
    });
}

#[test]
fn a_device_that_comes_back_goes_on_and_a_task_meanwhile_is_refused() {
    let plugged: Arc<Mutex<VecDeque<MemoryPort>>> = Arc::default();
    let sockets = plugged.clone();
    let connect = move || -> io::Result<Box<dyn Port>> {
        let port = sockets.lock().unwrap().pop_front();
        Ok(Box::new(port.ok_or(io::ErrorKind::NotFound)?))
    };
    let (answers, answered) = mpsc::channel();
    let (told, conditions) = mpsc::channel();
    let tell = move |condition: Condition, _: Option<&io::Error>| told.send(condition).unwrap();
    let tasks = start("echo", connect, Echo { answers }, tell).unwrap();
    let next = || conditions.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!([next(), next()], [Condition::Starting, Condition::Absent]);
    tasks.hand_in(7).unwrap();
    assert_eq!(answered.recv(), Ok(None), "there is no device");

    let (near, far) = memory_pair();
    answer_all(far, Some);
    plugged.lock().unwrap().push_back(near);
    assert_eq!(next(), Condition::Ready);
    tasks.hand_in(7).unwrap();
    assert_eq!(answered.recv(), Ok(Some(7)));
    drop(tasks);
}

#[test]
fn a_silent_device_is_told_from_one_that_is_gone() {
    let (near, far) = memory_pair();
    answer_all(far, |byte| (byte == 0).then_some(0));
    let (silent, deaf) = memory_pair();
    let mut ports = VecDeque::from([near, silent]);
    let connect = move || -> io::Result<Box<dyn Port>> {
        Ok(Box::new(ports.pop_front().ok_or(io::ErrorKind::NotFound)?))
    };
    let (answers, answered) = mpsc::channel();
    let (told, conditions) = mpsc::channel();
    let tell = move |condition: Condition, _: Option<&io::Error>| told.send(condition).unwrap();
    let tasks = start("echo", connect, Echo { answers }, tell).unwrap();
    let next = || conditions.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!([next(), next()], [Condition::Starting, Condition::Ready]);
    tasks.hand_in(7).unwrap();
    assert_eq!(answered.recv(), Ok(None), "it does not answer this");
    assert_eq!([next(), next()], [Condition::Silent, Condition::Absent]);
    drop((deaf, tasks));
}
