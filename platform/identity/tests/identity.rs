//! Accounts, sessions, tokens and roles on both databases.

#![expect(clippy::unwrap_used, reason = "helpers of tests stop the test where it fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use audit::{By, Via};
use identity::{
    AccountError, AccountFilter, EnterError, Grant, Identity, IdentityOptions, IdentityPermission,
    NewAccount, PasswordCost, PasswordProblem, Reach, RoleError, SetUpError, SignIn, SignInError, Theme,
    TokenAccess, TokenError,
};
use kernel::{AccountId, Directory, Env, Flat, PersonId, Role, Scope, Time, UnitId};
use messages::{Lang, Problem, Text};
use store::{Ask, Db, sql, testing};
use uuid::Uuid;

identity::permissions! {
    /// What may be done with notes.
    pub enum NotePermission in "notes" {
        Read = "read" ("看", "Read") for [Agent: Own, TeamLeader: Units, Manager: Everything, Administrator: Everything];
        Pin = "pin" ("钉", "Pin") for [Agent: Own, Manager: Units];
    }
}

const START: Time = Time(1_700_000_000_000_000);
const PASSWORD: &str = "correct horse";

async fn databases(folder: &tempfile::TempDir) -> Vec<Db> {
    let contexts = [store::MIGRATIONS, identity::MIGRATIONS];
    testing::each(folder.path(), &Env::fixed(START, 1), &contexts).await.unwrap()
}

/// A process over the database, with a memory of its own.
fn process(db: &Db) -> Identity {
    over(db, Arc::new(Flat), IdentityOptions { demo: false, cost: PasswordCost::CHEAPEST })
}

fn over(db: &Db, directory: Arc<dyn Directory>, options: IdentityOptions) -> Identity {
    let permissions = [NotePermission::DEFS, IdentityPermission::DEFS].concat();
    Identity::with(db.clone(), db.env().clone(), directory, permissions, options)
}

/// A set-up installation with the administrator “admin” and the agent “Li Ming”.
async fn installation(db: &Db) -> (Identity, AccountId, AccountId) {
    db.env().set_time(START);
    let identity = process(db);
    let admin = identity.set_up("admin", PASSWORD, Lang::Zh).await.unwrap();
    let agent = identity.create_account(&By::SYSTEM, &agent("Li Ming")).await.unwrap();
    (identity, admin, agent)
}

fn agent(name: &str) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        password: Some(PASSWORD.to_owned()),
        person: Some(person(7)),
        grants: vec![Grant::own(Role::Agent)],
        ..NewAccount::default()
    }
}

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(n))
}

fn at_door<'a>(name: &'a str, password: &'a str, ip: &'a str) -> SignIn<'a> {
    SignIn { name, password, ip, user_agent: "Browser/1.0" }
}

async fn enter(identity: &Identity, name: &str) -> String {
    identity.sign_in(at_door(name, PASSWORD, "10.0.0.1")).await.unwrap().secret
}

#[tokio::test]
async fn the_first_account_is_made_once_even_by_two_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (one, two) = (process(&db), process(&db));
        assert!(one.needs_setup().await.unwrap());
        let refused = one.set_up("admin", "short", Lang::Zh).await.unwrap_err();
        assert!(matches!(refused, SetUpError::Password(PasswordProblem::TooShort(5))), "{refused}");
        one.sync_shipped_roles().await.unwrap();
        let race =
            tokio::join!(one.set_up("first", PASSWORD, Lang::Zh), two.set_up("second", PASSWORD, Lang::En));
        let (won, lost) = match race {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert!(matches!(lost, SetUpError::AlreadySetUp), "{lost}");
        assert!(!one.needs_setup().await.unwrap());
        assert_eq!(db.count(sql!("SELECT COUNT(*) FROM account")).await.unwrap(), 1);
        let admin = one.actor(won).await.unwrap().unwrap();
        assert_eq!(admin.roles, ["administrator"]);
        assert!(admin.may(NotePermission::Read).unwrap().is_everything());
        assert!(!admin.can(NotePermission::Pin));
    }
}

#[tokio::test]
async fn signing_in_opens_a_session_and_its_secret_is_not_stored() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, _, agent) = installation(&db).await;
        let refused = async |name: &str, password: &str| {
            let result = identity.sign_in(at_door(name, password, "10.0.0.1")).await;
            assert!(matches!(result, Err(SignInError::Refused)), "{name}: {result:?}");
        };
        refused("li ming", "wrong horse").await;
        refused("nobody", PASSWORD).await;
        refused("", "").await;
        let new = identity.sign_in(at_door("LI MING ", PASSWORD, "10.0.0.1")).await.unwrap();
        assert_eq!((new.account, new.secret.len()), (agent, 64));
        let (session, actor) = identity.session(&new.secret).await.unwrap().unwrap();
        assert_eq!((actor.account, actor.person), (agent, Some(person(7))));
        assert_eq!(actor.may(NotePermission::Read), Some(&Scope::own(person(7))));
        assert_eq!(actor.by(Via::Page), By { account: Some(agent), via: Via::Page });
        assert_eq!(identity.sessions(agent).await.unwrap()[0].id, session);
        assert_eq!(identity.session("unknown").await.unwrap(), None);
        let stored: Vec<u8> = db
            .first(sql!("SELECT secret_hash FROM login_session"), |row| row.get("secret_hash"))
            .await
            .unwrap()
            .unwrap();
        assert_ne!(stored, new.secret.as_bytes());
        assert!(!format!("{new:?}").contains(&new.secret));
        identity.sign_out(&new.secret).await.unwrap();
        assert_eq!(identity.session(&new.secret).await.unwrap(), None);
        identity.sign_out(&new.secret).await.unwrap();
    }
}

#[tokio::test]
async fn sessions_end_when_idle_and_when_old() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, _, agent) = installation(&db).await;
        let (used, idle) = (enter(&identity, "Li Ming").await, enter(&identity, "Li Ming").await);
        let hour = |n: i64| db.env().set_time(START.plus_seconds(n * 3600));
        // A use is noted beside the request that is one.
        let noted = async || {
            let now = db.env().now();
            while identity.sessions(agent).await.unwrap().iter().all(|session| session.last_used_at < now) {
                tokio::task::yield_now().await;
            }
        };
        hour(11);
        assert!(identity.session(&used).await.unwrap().is_some());
        noted().await;
        hour(13);
        assert!(identity.session(&used).await.unwrap().is_some(), "its use keeps it");
        noted().await;
        assert!(identity.session(&idle).await.unwrap().is_none());
        for n in 14..24 * 7 {
            hour(n);
            assert!(identity.session(&used).await.unwrap().is_some(), "hour {n}");
            noted().await;
        }
        hour(24 * 7);
        assert!(identity.session(&used).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn guessing_slows_down_and_a_restart_forgives_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, ..) = installation(&db).await;
        let guess = async |identity: &Identity, password: &str| {
            identity.sign_in(at_door("Li Ming", password, "203.0.113.9")).await
        };
        for _ in 0..6 {
            assert!(matches!(guess(&identity, "a bad guess").await, Err(SignInError::Refused)));
        }
        let restarted = process(&db);
        let blocked = guess(&restarted, PASSWORD).await.unwrap_err();
        assert!(matches!(blocked, SignInError::TooManyAttempts { seconds: 1..=2 }), "{blocked}");
        let problem = Problem::from(blocked);
        assert_eq!(
            (problem.code, problem.kind),
            ("identity.too_many_attempts", messages::ProblemKind::TooMany)
        );
        db.env().set_time(START.plus_seconds(1));
        assert!(matches!(guess(&restarted, "a bad guess").await, Err(SignInError::Refused)));
        let blocked = guess(&restarted, PASSWORD).await.unwrap_err();
        assert!(matches!(blocked, SignInError::TooManyAttempts { seconds: 2..=3 }), "{blocked}");
        // The owner is never locked out: a minute at most.
        db.env().set_time(START.plus_seconds(62));
        guess(&restarted, PASSWORD).await.unwrap();
        // A right password forgets the failures.
        for _ in 0..5 {
            assert!(matches!(guess(&identity, "a bad guess").await, Err(SignInError::Refused)));
        }
        guess(&identity, PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn many_guesses_at_once_do_not_slip_through() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, ..) = installation(&db).await;
        let guesses: Vec<_> = (0..30)
            .map(|_| {
                let identity = identity.clone();
                tokio::spawn(async move {
                    let result = identity.sign_in(at_door("Li Ming", "a bad guess", "203.0.113.9")).await;
                    matches!(result, Err(SignInError::Refused))
                })
            })
            .collect();
        let mut checked = 0;
        for guess in guesses {
            checked += i32::from(guess.await.unwrap());
        }
        assert_eq!(checked, 6, "so many passwords were compared");
    }
}

#[tokio::test]
async fn strangers_cannot_keep_somebody_out_of_where_they_usually_sit() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, ..) = installation(&db).await;
        enter(&identity, "Li Ming").await;
        for _ in 0..6 {
            let _ = identity.sign_in(at_door("Li Ming", "a bad guess", "203.0.113.9")).await;
        }
        let elsewhere = identity.sign_in(at_door("Li Ming", PASSWORD, "198.51.100.2")).await;
        assert!(matches!(elsewhere, Err(SignInError::TooManyAttempts { .. })), "{elsewhere:?}");
        enter(&identity, "Li Ming").await;
    }
}

#[tokio::test]
async fn one_address_cannot_try_all_names() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, ..) = installation(&db).await;
        for n in 0..51 {
            let name = format!("name {n}");
            let result = identity.sign_in(at_door(&name, "a bad guess", "203.0.113.9")).await;
            assert!(matches!(result, Err(SignInError::Refused)), "{n}: {result:?}");
        }
        let result = identity.sign_in(at_door("Li Ming", PASSWORD, "203.0.113.9")).await;
        assert!(matches!(result, Err(SignInError::TooManyAttempts { .. })), "{result:?}");
        enter(&identity, "Li Ming").await;
    }
}

#[tokio::test]
async fn a_disabled_account_is_out_within_five_seconds_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (here, _, agent) = installation(&db).await;
        let there = process(&db);
        let secret = enter(&there, "Li Ming").await;
        let token =
            there.create_token(&By::SYSTEM, agent, "export", TokenAccess::Read, None).await.unwrap().secret;
        for identity in [&here, &there] {
            assert!(identity.session(&secret).await.unwrap().is_some());
            assert!(identity.token(&token).await.unwrap().is_some());
        }
        here.disable(&By::SYSTEM, agent).await.unwrap();
        assert!(here.session(&secret).await.unwrap().is_none(), "at once in the same process");
        assert!(here.token(&token).await.unwrap().is_none());
        db.env().set_time(START.plus_seconds(3));
        assert!(there.session(&secret).await.unwrap().is_none());
        assert!(there.token(&token).await.unwrap().is_none());
        let result = there.sign_in(at_door("Li Ming", PASSWORD, "10.0.0.1")).await;
        assert!(matches!(result, Err(SignInError::Disabled)), "{result:?}");
        let result = there.sign_in(at_door("Li Ming", "wrong horse", "10.0.0.1")).await;
        assert!(matches!(result, Err(SignInError::Refused)), "only the owner learns that: {result:?}");
        here.enable(&By::SYSTEM, agent).await.unwrap();
        assert!(there.session(&secret).await.unwrap().is_none(), "the old session stays ended");
        enter(&there, "Li Ming").await;
    }
}

#[tokio::test]
async fn sessions_are_listed_revoked_and_rotated() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, admin, agent) = installation(&db).await;
        let secrets = [
            enter(&identity, "Li Ming").await,
            enter(&identity, "Li Ming").await,
            enter(&identity, "Li Ming").await,
        ];
        let mut ids = Vec::new();
        for secret in &secrets {
            ids.push(identity.session(secret).await.unwrap().unwrap().0);
        }
        assert_eq!(identity.sessions(agent).await.unwrap().len(), 3);
        assert!(!identity.revoke_session(&By::SYSTEM, admin, ids[0]).await.unwrap(), "somebody else's");
        assert!(identity.revoke_session(&By::SYSTEM, agent, ids[0]).await.unwrap());
        assert!(!identity.revoke_session(&By::SYSTEM, agent, ids[0]).await.unwrap());
        assert!(identity.session(&secrets[0]).await.unwrap().is_none());

        let change = async |current: &str, new: &str| {
            identity.change_password(&By::SYSTEM, agent, ids[1], current, new).await
        };
        assert!(matches!(change("wrong horse", "another horse").await, Err(AccountError::WrongPassword)));
        assert!(matches!(
            change(PASSWORD, "1234567890").await,
            Err(AccountError::Password(PasswordProblem::TooCommon))
        ));
        let rotated = change(PASSWORD, "another horse").await.unwrap();
        assert!(identity.session(&secrets[1]).await.unwrap().is_none(), "its old secret");
        assert!(identity.session(&secrets[2]).await.unwrap().is_none(), "other sessions end");
        assert_eq!(identity.session(&rotated.secret).await.unwrap().unwrap().0, ids[1]);
        assert!(identity.sign_in(at_door("Li Ming", PASSWORD, "10.0.0.1")).await.is_err());
        let fresh = identity.sign_in(at_door("Li Ming", "another horse", "10.0.0.1")).await.unwrap();

        assert_eq!(identity.revoke_all(&By::SYSTEM, agent, Some(ids[1])).await.unwrap(), 1);
        assert!(identity.session(&fresh.secret).await.unwrap().is_none());
        identity.set_password(&By::SYSTEM, agent, "given by admin", true).await.unwrap();
        assert!(identity.session(&rotated.secret).await.unwrap().is_none());
        let secret = identity.sign_in(at_door("Li Ming", "given by admin", "10.0.0.1")).await.unwrap().secret;
        assert!(identity.session(&secret).await.unwrap().unwrap().1.must_change_password);
    }
}

#[tokio::test]
async fn tokens_read_or_write_until_they_end() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, admin, agent) = installation(&db).await;
        let end = START.plus_seconds(100);
        let make = async |name: &str, access, end| {
            identity.create_token(&By::SYSTEM, agent, name, access, end).await
        };
        let read = make("import", TokenAccess::Read, Some(end)).await.unwrap();
        let write = make("export", TokenAccess::Write, None).await.unwrap();
        assert!(matches!(make(" ", TokenAccess::Read, None).await, Err(TokenError::Name)));
        assert!(matches!(make("x", TokenAccess::Read, Some(START)).await, Err(TokenError::Past(_))));
        let opens = async |secret: &str| {
            identity.token(secret).await.unwrap().map(|(actor, access)| (actor.account, access))
        };
        assert_eq!(opens(&read.secret).await, Some((agent, TokenAccess::Read)));
        assert_eq!(opens(&write.secret).await, Some((agent, TokenAccess::Write)));
        // A use is noted beside the request.
        while identity.list_tokens(agent).await.unwrap().iter().any(|token| token.last_used_at.is_none()) {
            tokio::task::yield_now().await;
        }
        assert_eq!(opens("lianbing_0000").await, None);
        assert_eq!(identity.session(&write.secret).await.unwrap(), None, "a token is no session");
        let secret = enter(&identity, "Li Ming").await;
        assert_eq!(opens(&secret).await, None, "a session is no token");
        db.env().set_time(end);
        assert_eq!(opens(&read.secret).await, None);
        assert!(!identity.revoke_token(&By::SYSTEM, admin, write.id).await.unwrap(), "somebody else's");
        assert!(identity.revoke_token(&By::SYSTEM, agent, write.id).await.unwrap());
        assert_eq!(opens(&write.secret).await, None);
        let listed = identity.list_tokens(agent).await.unwrap();
        let revoked: Vec<_> = listed.iter().filter(|token| token.revoked_at.is_some()).collect();
        assert_eq!((listed.len(), revoked.len()), (2, 1));
        assert_eq!((revoked[0].id, revoked[0].last_used_at), (write.id, Some(START)));
    }
}

/// Team 11 is below site 1; team 21 below site 2.
struct Tree;

impl Directory for Tree {
    fn with_below(&self, units: &BTreeSet<UnitId>) -> BTreeSet<UnitId> {
        let below = |id: &UnitId| match id.0.as_u128() {
            1 => vec![unit(1), unit(11)],
            2 => vec![unit(2), unit(21)],
            _ => vec![*id],
        };
        units.iter().flat_map(below).collect()
    }
}

#[test]
fn a_scope_is_the_narrower_of_grant_and_permission() {
    let me = person(7);
    let site = BTreeSet::from([unit(1)]);
    let units = || Scope::units([unit(1), unit(11)].into()).or(Scope::own(me));
    let grant =
        |reach, units: &BTreeSet<UnitId>| Grant { role: "agent".to_owned(), reach, units: units.clone() };
    let check = |given: Reach, widest: Reach, expected: Scope| {
        assert_eq!(grant(given, &site).scope(widest, Some(me), &Tree), expected, "{given:?} {widest:?}");
    };
    check(Reach::Own, Reach::Own, Scope::own(me));
    check(Reach::Own, Reach::Units, Scope::own(me));
    check(Reach::Own, Reach::Everything, Scope::own(me));
    check(Reach::Units, Reach::Own, Scope::own(me));
    check(Reach::Units, Reach::Units, units());
    check(Reach::Units, Reach::Everything, units());
    check(Reach::Everything, Reach::Own, Scope::own(me));
    check(Reach::Everything, Reach::Units, units());
    check(Reach::Everything, Reach::Everything, Scope::everything().or(Scope::own(me)));
    let none = BTreeSet::new();
    assert_eq!(
        grant(Reach::Everything, &none).scope(Reach::Units, Some(me), &Tree),
        Scope::own(me).or(Scope::units(none.clone()))
    );
    assert!(grant(Reach::Own, &none).scope(Reach::Everything, None, &Tree).is_nothing());
}

proptest::proptest! {
    #[test]
    fn no_grant_reaches_further_than_its_role_or_itself(
        given in 0usize..3, widest in 0usize..3, units in proptest::collection::btree_set(0u128..30, 0..5),
        row_unit in 0u128..30, row_person in 0u128..9,
    ) {
        let (given, widest) = (Reach::ALL[given], Reach::ALL[widest]);
        let units: BTreeSet<UnitId> = units.into_iter().map(unit).collect();
        let grant = Grant { role: "r".to_owned(), reach: given, units: units.clone() };
        let scope = grant.scope(widest, Some(person(7)), &Tree);
        let allowed = scope.allows(Some(unit(row_unit)), Some(person(row_person)));
        let own = row_person == 7;
        let named = Tree.with_below(&units).contains(&unit(row_unit));
        let expected = match given.min(widest) {
            Reach::Own => own,
            Reach::Units => own || named,
            Reach::Everything => true,
        };
        proptest::prop_assert_eq!(allowed, expected);
    }
}

#[tokio::test]
async fn grants_add_up_and_apply_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (_, _, agent) = installation(&db).await;
        let identity =
            over(&db, Arc::new(Tree), IdentityOptions { demo: false, cost: PasswordCost::CHEAPEST });
        let secret = enter(&identity, "Li Ming").await;
        let actor = async || identity.session(&secret).await.unwrap().unwrap().1;
        assert!(actor().await.may(NotePermission::Read).unwrap().unit_ids().is_empty());
        let set = async |grants: &[Grant]| {
            let version = identity.account(agent).await.unwrap().unwrap().version;
            identity.set_grants(&By::SYSTEM, agent, grants, version).await
        };
        let both = [Grant::own(Role::Agent), Grant::units(Role::TeamLeader, [unit(1), unit(21)])];
        set(&both).await.unwrap();
        let leader = actor().await;
        assert_eq!(leader.roles, ["agent", "team_leader"]);
        let read = Scope::units([unit(1), unit(11), unit(21)].into()).or(Scope::own(person(7)));
        assert_eq!(leader.may(NotePermission::Read), Some(&read));
        assert_eq!(leader.may(NotePermission::Pin), Some(&Scope::own(person(7))));
        assert_eq!(identity.account(agent).await.unwrap().unwrap().grants, both);
        assert!(matches!(set(&[Grant::units(Role::Agent, [])]).await, Err(AccountError::NoUnits(_))));
        let unknown = Grant { role: "pilot".to_owned(), ..Grant::own(Role::Agent) };
        assert!(matches!(set(&[unknown]).await, Err(AccountError::UnknownRole(_))));
        let stale = identity.set_grants(&By::SYSTEM, agent, &[], 1).await;
        assert!(matches!(stale, Err(AccountError::Changed)), "{stale:?}");
        set(&[]).await.unwrap();
        assert!(!actor().await.can(NotePermission::Read));
    }
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, admin, agent) = installation(&db).await;
        assert!(matches!(identity.disable(&By::SYSTEM, admin).await, Err(AccountError::LastAdministrator)));
        let stripped = identity.set_grants(&By::SYSTEM, admin, &[], 1).await;
        assert!(matches!(stripped, Err(AccountError::LastAdministrator)), "{stripped:?}");
        let second = [Grant::everything(Role::Administrator)];
        identity.set_grants(&By::SYSTEM, agent, &second, 1).await.unwrap();
        let other = process(&db);
        let both = tokio::join!(identity.disable(&By::SYSTEM, admin), other.disable(&By::SYSTEM, agent));
        assert_eq!(i32::from(both.0.is_ok()) + i32::from(both.1.is_ok()), 1, "{both:?}");
    }
}

#[tokio::test]
async fn names_are_unique_in_any_case_and_lists_page_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, admin, _) = installation(&db).await;
        let taken = identity.create_account(&By::SYSTEM, &agent(" LI MING")).await.unwrap_err();
        assert!(matches!(&taken, AccountError::NameTaken(name) if name == "LI MING"), "{taken}");
        assert_eq!(Problem::from(taken).code, "identity.name_taken");
        for bad in ["", "  ", "a\u{7}b", &"长".repeat(61)] {
            let result = identity.create_account(&By::SYSTEM, &agent(bad)).await;
            assert!(matches!(result, Err(AccountError::Name(_))), "{bad}");
        }
        for name in ["王芳", "50%", "a_b"] {
            identity.create_account(&By::SYSTEM, &agent(name)).await.unwrap();
        }
        let found = async |query: &str, after: Option<&str>, limit: usize| -> Vec<String> {
            let filter = AccountFilter { query: query.to_owned(), after: after.map(str::to_owned), limit };
            identity.accounts(&filter).await.unwrap().into_iter().map(|account| account.name).collect()
        };
        assert_eq!(found("%", None, 0).await, ["50%"]);
        assert_eq!(found("_", None, 0).await, ["a_b"]);
        assert_eq!(found("MING", None, 0).await, ["Li Ming"]);
        let all = found("", None, 0).await;
        assert_eq!(all.len(), 5);
        assert_eq!(found("", Some(&all[1]), 2).await, all[2..4]);
        assert_eq!(identity.account_named("ADMIN").await.unwrap().unwrap().id, admin);
        assert_eq!(identity.accounts_of(person(7)).await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn roles_ship_and_can_be_added() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, _, agent) = installation(&db).await;
        let entries = async || store::verify_chain(&db).await.unwrap().entries;
        let before = entries().await;
        identity.sync_shipped_roles().await.unwrap();
        assert_eq!(entries().await, before, "nothing to write the second time");
        let roles = identity.roles().await.unwrap();
        let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(names, Role::ALL.map(Role::name));
        assert_eq!(roles[0].permissions["notes.pin"], Reach::Own);
        assert_eq!((roles[0].accounts, roles[0].title.zh.as_ref()), (1, "客服代表"));

        let title = Text::fixed("实习", "Trainee");
        let role = identity.create_role(&By::SYSTEM, "trainee", &title).await.unwrap();
        let again = identity.create_role(&By::SYSTEM, "trainee", &title).await;
        assert!(matches!(again, Err(RoleError::NameTaken(_))), "{again:?}");
        assert!(matches!(identity.create_role(&By::SYSTEM, "A b", &title).await, Err(RoleError::Name(_))));
        let pin = BTreeMap::from([("notes.pin".to_owned(), Reach::Everything)]);
        let set = async |role, permissions: &BTreeMap<String, Reach>, version| {
            identity.set_role_permissions(&By::SYSTEM, role, permissions, version).await
        };
        let unknown = BTreeMap::from([("notes.burn".to_owned(), Reach::Own)]);
        assert!(matches!(set(role, &unknown, 1).await, Err(RoleError::UnknownPermission(_))));
        assert!(matches!(set(roles[0].id, &pin, 1).await, Err(RoleError::Shipped)));
        assert!(matches!(set(role, &pin, 9).await, Err(RoleError::Changed)));
        set(role, &pin, 1).await.unwrap();
        let grant = Grant { role: "trainee".to_owned(), ..Grant::everything(Role::Agent) };
        identity.set_grants(&By::SYSTEM, agent, &[grant], 1).await.unwrap();
        let actor = identity.actor(agent).await.unwrap().unwrap();
        assert!(actor.may(NotePermission::Pin).unwrap().is_everything());
        assert!(!actor.can(NotePermission::Read));
        assert_eq!(store::verify_chain(&db).await.unwrap().broken, None);
    }
}

#[tokio::test]
async fn entering_without_a_password_is_for_the_demo_centre() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, _, agent) = installation(&db).await;
        let refused = identity.enter_as(agent, "10.0.0.1", "a browser").await;
        assert!(matches!(refused, Err(EnterError::NotDemo)), "{refused:?}");
        let demo = over(&db, Arc::new(Flat), IdentityOptions { demo: true, cost: PasswordCost::CHEAPEST });
        let entered = demo.enter_as(agent, "10.0.0.1", "a browser").await.unwrap();
        assert_eq!(demo.session(&entered.secret).await.unwrap().unwrap().1.account, agent);
        let sessions = demo.sessions(agent).await.unwrap();
        let from: Vec<_> = sessions.iter().map(|s| (s.ip.as_str(), s.user_agent.as_str())).collect();
        assert_eq!(from, [("10.0.0.1", "a browser")]);
        demo.disable(&By::SYSTEM, agent).await.unwrap();
        assert!(matches!(demo.enter_as(agent, "10.0.0.1", "a browser").await, Err(EnterError::NotFound)));
        let door = NewAccount { name: "door".to_owned(), ..NewAccount::default() };
        demo.create_account(&By::SYSTEM, &door).await.unwrap();
        let empty = demo.sign_in(at_door("door", "", "10.0.0.1")).await;
        assert!(matches!(empty, Err(SignInError::Refused)), "no password opens it: {empty:?}");
    }
}

#[tokio::test]
async fn preferences_follow_the_account() {
    let folder = tempfile::tempdir().unwrap();
    for db in databases(&folder).await {
        let (identity, _, agent) = installation(&db).await;
        let secret = enter(&identity, "Li Ming").await;
        let actor = async || identity.session(&secret).await.unwrap().unwrap().1;
        assert_eq!((actor().await.lang, actor().await.theme), (None, Theme::Auto));
        identity.set_preferences(agent, Some(Lang::En), Theme::Dark).await.unwrap();
        assert_eq!((actor().await.lang, actor().await.theme), (Some(Lang::En), Theme::Dark));
    }
}

#[test]
fn the_table_of_roles_and_permissions_can_be_read() {
    insta::assert_snapshot!(identity::matrix(&[NotePermission::DEFS, IdentityPermission::DEFS].concat()));
}
