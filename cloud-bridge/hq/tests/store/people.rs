//! People in every database: what two ask at once.

use hq::database::Database;
use hq::people::{Change, Denied, NewUser, People, Role};

use crate::support::Place;

crate::everywhere! {
    of_administrators_who_lower_one_another_one_stays,
    a_password_that_is_changed_meanwhile_lets_nobody_in,
}

const IDLE_MS: i64 = 3_600_000;

fn with_people(place: &Place, play: impl AsyncFnOnce(People)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let database = Database::of(&place.open()).unwrap();
    runtime.block_on(async {
        let people = People::load(database, IDLE_MS).await.unwrap();
        play(people).await;
    });
}

fn somebody(id: &str, role: Role, password: &str) -> NewUser {
    let (id, password) = (id.to_owned(), password.to_owned());
    NewUser { name: id.clone(), id, role, scopes: Vec::new(), password }
}

fn of_administrators_who_lower_one_another_one_stays(place: &Place) {
    with_people(place, async |people: People| {
        let admins = ["a1", "a2", "a3", "a4"];
        for id in admins {
            people.add(somebody(id, Role::Admin, "twelve cups of tea")).await.unwrap();
        }
        let lowered = admins.map(|id| {
            let people = people.clone();
            tokio::spawn(async move {
                let (name, role) = (id.to_owned(), Role::Chain);
                let change = Change { name, role, scopes: Vec::new(), password: None };
                people.change(id, change).await
            })
        });
        let mut refused = 0;
        for outcome in lowered {
            match outcome.await.unwrap() {
                Ok(_) => {}
                Err(Denied::LastAdmin) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(refused, 1);
        let users = people.users().await.unwrap();
        let stay: Vec<_> = users.iter().filter(|user| user.role == Role::Admin).collect();
        assert_eq!(stay.len(), 1, "{users:?}");
    });
}

fn a_password_that_is_changed_meanwhile_lets_nobody_in(place: &Place) {
    with_people(place, async |people: People| {
        people.add(somebody("a1", Role::Admin, "twelve cups of tea")).await.unwrap();
        for round in 0..6 {
            let old = format!("password number {round}");
            people.add(somebody("c1", Role::Chain, &old)).await.unwrap();
            let entering = {
                let people = people.clone();
                tokio::spawn(async move { people.sign_in("c1", old, None).await })
            };
            // Others are looked at first: whoever enters waits with what was read of them.
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            people.remove("c1").await.unwrap();
            people.add(somebody("c1", Role::Admin, "another person's words")).await.unwrap();
            if let Ok(admitted) = entering.await.unwrap() {
                let session = people.session(&admitted.secret).await.unwrap();
                assert!(session.is_none(), "the one before came in as the one after");
            }
            people.remove("c1").await.unwrap();
        }
    });
}
