use super::*;

fn devices(text: &str, registers: u16) -> Result<Devices, DeviceFault> {
    Devices::of(serde_json::from_str(text).unwrap(), registers)
}

fn id(text: &str) -> DeviceId {
    DeviceId::new(text).unwrap()
}

fn register(number: u16) -> WorkstationId {
    WorkstationId::new(&number.to_string()).unwrap()
}

const STORE: &str = r#"[
    {"id": "front", "kind": "receipt_printer", "port": "tcp:p1:9100", "registers": [1, 2],
     "fallback": "back", "profile": "80mm"},
    {"id": "back", "kind": "receipt_printer", "port": "tcp:p2:9100"},
    {"id": "till-1", "kind": "cash_drawer", "registers": [1], "printer": "front"},
    {"id": "edc", "kind": "card_terminal", "port": "tcp:t:9000", "registers": [2]},
    {"id": "gun-1", "kind": "scanner", "port": "serial:/dev/a", "registers": [1]},
    {"id": "gun-2", "kind": "scanner", "port": "serial:/dev/b", "registers": [1]}
]"#;

#[test]
fn a_register_uses_its_own_device_or_the_stores() {
    let devices = devices(STORE, 3).unwrap();
    let printers = |number| devices.paper_printers_of(Some(&register(number)));
    assert_eq!(printers(1), [id("front"), id("back")]);
    assert_eq!(printers(3), [id("back")], "the store's, which nothing stands in for");
    assert_eq!(devices.paper_printers_of(None), [id("front"), id("back")]);
    let at = |kind, number| devices.at(kind, &register(number)).map(|it| it.id.clone());
    assert_eq!(at(DeviceKind::CashDrawer, 1), Some(id("till-1")));
    assert_eq!(at(DeviceKind::CashDrawer, 2), None);
    assert_eq!(devices.of_kind(DeviceKind::Scanner).count(), 2);
    let terminals = devices.terminals(3);
    assert_eq!(terminals, BTreeMap::from([(register(2), TerminalId::new("edc").unwrap())]));
    assert_eq!(devices.all()[0].options["profile"], "80mm");
}

#[test]
fn it_is_written_as_it_was_read() {
    let read = devices(STORE, 3).unwrap();
    let again = serde_json::to_string(&read).unwrap();
    assert_eq!(devices(&again, 3).unwrap(), read);
}

#[test]
fn a_drawer_that_would_never_open_is_named() {
    let drawer = r#"{"id": "d", "kind": "cash_drawer", "printer": "b"}"#;
    for (other, is_there) in [
        (r#"{"id": "b", "kind": "receipt_printer", "port": "tcp:p:1"}"#, true),
        (r#"{"id": "a", "kind": "receipt_printer", "port": "tcp:p:1"}"#, false),
        (r#"{"id": "b", "kind": "scale", "port": "x"}"#, false),
    ] {
        let listed = devices(&format!("[{other},{drawer}]"), 2).unwrap();
        let fault = listed.check_drawers().err().map(|fault| fault.to_string());
        let said = "d: its printer b is not a receipt printer of the list";
        assert_eq!(fault.as_deref(), (!is_there).then_some(said), "{other}");
    }
}

#[test]
fn what_does_not_fit_together_names_the_device_and_why() {
    let printer = |id: &str, rest: &str| {
        format!(r#"{{"id": "{id}", "kind": "receipt_printer", "port": "tcp:p:1"{rest}}}"#)
    };
    let of = |list: &[String]| devices(&format!("[{}]", list.join(",")), 2).unwrap_err();
    let one = printer("a", "");
    for (list, said) in [
        (vec![one.clone(), one.clone()], "a: the id stands twice"),
        (vec![printer("a", r#", "registers": [3]"#)], "a: there is no register 3"),
        (
            vec![printer("a", r#", "registers": [1]"#), printer("b", r#", "registers": [1]"#)],
            "b: register 1 has another receipt_printer already",
        ),
        (
            vec![printer("a", r#", "fallback": "a""#)],
            "a: its fallback a is not another receipt printer",
        ),
        (
            vec![r#"{"id": "s", "kind": "scale", "port": "x", "fallback": "s"}"#.to_owned()],
            "s: only a receipt printer has a fallback",
        ),
        (vec![r#"{"id": "s", "kind": "scale"}"#.to_owned()], "s: port says where it is plugged in"),
        (
            vec![printer("../journal.db", "")],
            "../journal.db: an id is letters, digits, dots, dashes and underscores, and begins \
             with no dot",
        ),
        (
            vec![r#"{"id": "s", "kind": "scanner", "port": "x"}"#.to_owned()],
            "s: registers says whose scanner it is",
        ),
        (
            vec![r#"{"id": "s", "kind": "scanner", "port": "x", "registers": [1, 2]}"#.to_owned()],
            "s: registers says whose scanner it is",
        ),
    ] {
        assert_eq!(of(&list).to_string(), said);
    }
    let many: Vec<String> = (0..=DEVICES_MAX).map(|n| printer(&n.to_string(), "")).collect();
    assert_eq!(of(&many), DeviceFault::TooMany);
}

#[test]
fn a_chains_list_fits_a_small_store_without_what_is_there_for_other_registers() {
    let small = devices(STORE, 3).unwrap().within(1).unwrap();
    let ids: Vec<_> = small.all().iter().map(|device| device.id.as_str().to_owned()).collect();
    assert_eq!(ids, ["front", "back", "till-1", "gun-1", "gun-2"], "no terminal of register 2");
    assert_eq!(small.all()[0].registers, [1]);
    let fallback = r#"[
        {"id": "a", "kind": "receipt_printer", "port": "tcp:p:1", "registers": [1],
         "fallback": "b"},
        {"id": "b", "kind": "receipt_printer", "port": "tcp:p:2", "registers": [2]}
    ]"#;
    let alone = devices(fallback, 2).unwrap().within(1).unwrap();
    assert_eq!(alone.all().len(), 1);
    assert_eq!(alone.all()[0].fallback, None, "what is not there stands in for nothing");
    let drawer = r#"[
        {"id": "a", "kind": "receipt_printer", "port": "tcp:p:1", "registers": [1]},
        {"id": "b", "kind": "receipt_printer", "port": "tcp:p:2", "registers": [2]},
        {"id": "d", "kind": "cash_drawer", "registers": [1, 2], "printer": "b"}
    ]"#;
    let alone = devices(drawer, 2).unwrap().within(1).unwrap();
    assert_eq!(alone.all().len(), 1, "a drawer goes with the printer that it hangs on");
}
