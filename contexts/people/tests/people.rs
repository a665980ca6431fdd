//! People, units and look-ups on both databases, through the public surface.

#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::collections::BTreeSet;

use audit::By;
use kernel::{Day, Env, Scope, Time, UnitId};
use people::api::{
    BEGINNING, People, PeopleError, PeopleFilter, PeopleSort, PersonDraft, Stored, TeamRole, UnitDraft,
    UnitKind, Wanted, WantedAgent,
};

const ALL: &[store::Migrations] = &[store::MIGRATIONS, people::MIGRATIONS];
const BY: &By = &By::SYSTEM;

fn env() -> Env {
    Env::fixed(Time::parse("2026-03-04T04:00:00Z").unwrap(), 7)
}

async fn each(folder: &tempfile::TempDir) -> Vec<People> {
    let mut all = Vec::new();
    for db in store::testing::each(folder.path(), &env(), ALL).await.unwrap() {
        all.push(People::open(&db).await.unwrap());
    }
    all
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn draft(number: &str, name: &str) -> PersonDraft {
    PersonDraft { number: number.into(), name: name.into(), ..PersonDraft::default() }
}

async fn unit(
    people: &People,
    kind: UnitKind,
    parent: Option<UnitId>,
    code: &str,
    zone: Option<&str>,
) -> UnitId {
    let parent = match parent {
        Some(parent) => parent,
        None => people.lookup().await.unwrap().organisation().unwrap().id,
    };
    let draft = UnitDraft {
        parent: Some(parent),
        kind,
        code: code.into(),
        name: format!("{code}名"),
        zone: zone.map(str::to_owned),
    };
    people.add_unit(BY, &draft).await.unwrap()
}

#[tokio::test]
async fn a_move_shows_on_its_day_and_history_stays() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let site = unit(&people, UnitKind::Site, None, "bj", None).await;
        let (a, b) = (
            unit(&people, UnitKind::Team, Some(site), "a", None).await,
            unit(&people, UnitKind::Team, Some(site), "b", None).await,
        );
        let new =
            PersonDraft { employed_from: Some(day("2026-01-05")), unit: Some(a), ..draft("1001", "李明") };
        let person = people.add_person(BY, &new).await.unwrap();
        people.move_person(BY, person, 1, b, day("2026-03-02")).await.unwrap();
        let lookup = people.lookup().await.unwrap();
        let check = |on: &str, expected: Option<UnitId>| {
            assert_eq!(lookup.team_of(person, day(on)), expected, "{on}");
        };
        check("2026-01-04", None);
        check("2026-01-05", Some(a));
        check("2026-03-01", Some(a));
        check("2026-03-02", Some(b));
        check("2027-03-02", Some(b));
        assert_eq!(lookup.person_by_number(" 1001 "), Some(person));
        assert_eq!(lookup.unit_label(b), "bj名 / b名");
        assert_eq!(lookup.site_of(b), Some(site));
        let org = lookup.organisation().unwrap().id;
        assert_eq!(people.directory().with_below(&[site].into()), BTreeSet::from([site, a, b]));
        assert_eq!(lookup.units_below(org).len(), 4);

        people.leave(BY, person, 2, day("2026-03-20"), Some("转岗")).await.unwrap();
        let lookup = people.lookup().await.unwrap();
        assert_eq!(lookup.team_of(person, day("2026-03-20")), Some(b));
        assert_eq!(lookup.team_of(person, day("2026-03-21")), None);
        let error = people.move_person(BY, person, 3, a, day("2026-04-01")).await.unwrap_err();
        assert!(matches!(error, PeopleError::Invalid(_)), "{error}");
    }
}

#[tokio::test]
async fn a_night_falls_on_the_sites_own_day() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let east = unit(&people, UnitKind::Site, None, "east", Some("Asia/Tokyo")).await;
        let home = unit(&people, UnitKind::Site, None, "home", None).await;
        let team = unit(&people, UnitKind::Team, Some(east), "night", None).await;
        let lookup = people.lookup().await.unwrap();
        let late = Time::parse("2026-03-03T15:30:00Z").unwrap();
        assert_eq!(lookup.business_day(team).of(late), day("2026-03-04"));
        assert_eq!(lookup.business_day(home).of(late), day("2026-03-03"));
        assert_eq!(lookup.organisation_day().of(late), day("2026-03-03"));
    }
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_what_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let id = people.add_person(BY, &draft("1001", "李明")).await.unwrap();
        let (one, two) = (draft("1001", "李明明"), draft("1001", "李小明"));
        let (first, second) =
            tokio::join!(people.edit_person(BY, id, 1, &one), people.edit_person(BY, id, 1, &two));
        let lost = match (first, second) {
            (Ok(()), Err(lost)) | (Err(lost), Ok(())) => lost,
            both => panic!("exactly one edit must win: {both:?}"),
        };
        let PeopleError::Conflict(conflict) = &lost else { panic!("{lost}") };
        let Stored::Person(now) = &conflict.stored else { panic!("{conflict:?}") };
        assert_eq!((conflict.at, conflict.by), (env().now(), None));
        assert_eq!(now.version, 2);
        assert!(now.name == "李明明" || now.name == "李小明");
        let problem = messages::Problem::from(lost);
        assert_eq!(problem.code, "people.changed_in_between");
        assert!(problem.fields.iter().any(|(field, text)| field == "name" && text.zh.contains("明")));
    }
}

#[tokio::test]
async fn what_is_taken_missing_or_in_use_is_refused_by_field() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let team = unit(&people, UnitKind::Team, None, "t", None).await;
        let person = PersonDraft { unit: Some(team), ..draft("1", "甲") };
        let person = people.add_person(BY, &person).await.unwrap();
        let field = |error: PeopleError| match error {
            PeopleError::Invalid(wrong) => wrong.0[0].0.clone(),
            other => panic!("{other}"),
        };
        assert_eq!(field(people.add_person(BY, &draft("1", "乙")).await.unwrap_err()), "number");
        let other = people.add_person(BY, &draft("2", "乙")).await.unwrap();
        assert_eq!(field(people.edit_person(BY, other, 1, &draft("1", "乙")).await.unwrap_err()), "number");
        assert_eq!(
            field(people.close_unit(BY, team, 1, Some(day("2026-03-04"))).await.unwrap_err()),
            "closed_from"
        );
        people.leave(BY, person, 1, day("2026-03-03"), None).await.unwrap();
        people.close_unit(BY, team, 1, Some(day("2026-03-04"))).await.unwrap();
        assert_eq!(
            field(people.move_person(BY, other, 1, team, day("2026-03-04")).await.unwrap_err()),
            "unit"
        );
        let line = people.add_line_of_business(BY, "报障").await.unwrap();
        let queue = people.add_queue(BY, "宽带", Some(line)).await.unwrap();
        assert_eq!(field(people.add_queue(BY, " 宽带 ", None).await.unwrap_err()), "name");
        people.edit_queue(BY, queue, 1, "宽带报障", None).await.unwrap();
        assert!(matches!(
            people.edit_queue(BY, queue, 1, "又一名", None).await.unwrap_err(),
            PeopleError::Conflict(_)
        ));
        let skill = people.add_skill(BY, "安抚").await.unwrap();
        people.set_skill(BY, other, 1, skill, Some(4)).await.unwrap();
        assert_eq!(field(people.set_skill(BY, other, 2, skill, Some(6)).await.unwrap_err()), "level");
        let card = people.card(&Scope::own(other), other).await.unwrap();
        assert_eq!(card.skills, vec![(skill, "安抚".to_owned(), 4)]);
        assert!(matches!(people.card(&Scope::own(other), person).await.unwrap_err(), PeopleError::NotFound));
    }
}

#[tokio::test]
async fn the_list_pages_without_gaps_and_stays_inside_the_scope() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let a = unit(&people, UnitKind::Team, None, "a", None).await;
        let b = unit(&people, UnitKind::Team, None, "b", None).await;
        let agents = (0..23)
            .map(|n| WantedAgent {
                number: format!("{n:03}"),
                name: Some(format!("人{}", n % 4)),
                team: (n % 3 > 0).then(|| if n % 3 == 1 { "a" } else { "b" }.to_owned()),
                ..WantedAgent::default()
            })
            .collect();
        people.ensure_now(BY, &Wanted { agents, ..Wanted::default() }).await.unwrap();
        for sort in [PeopleSort::Number, PeopleSort::Name, PeopleSort::Unit, PeopleSort::EmployedFrom] {
            for descending in [false, true] {
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let page = people
                        .list(
                            &Scope::everything(),
                            &PeopleFilter::default(),
                            (sort, descending),
                            after.as_deref(),
                            5,
                        )
                        .await
                        .unwrap();
                    assert_eq!(page.total, 23);
                    seen.extend(page.rows.into_iter().map(|row| row.person.number));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                let distinct: BTreeSet<_> = seen.iter().collect();
                assert_eq!((seen.len(), distinct.len()), (23, 23), "{sort:?} {descending}");
            }
        }
        let count = async |scope: Scope, filter: PeopleFilter| {
            people.list(&scope, &filter, (PeopleSort::Number, false), None, 50).await.unwrap().total
        };
        let all = Scope::everything;
        assert_eq!(count(Scope::units([a].into()), PeopleFilter::default()).await, 8);
        assert_eq!(count(Scope::nothing(), PeopleFilter::default()).await, 0);
        assert_eq!(
            count(all(), PeopleFilter { units: Some([b].into()), ..PeopleFilter::default() }).await,
            7
        );
        assert_eq!(count(all(), PeopleFilter { text: "人1".into(), ..PeopleFilter::default() }).await, 6);
        assert_eq!(count(all(), PeopleFilter { text: "%".into(), ..PeopleFilter::default() }).await, 0);
        let who = people.lookup().await.unwrap().person_by_number("005").unwrap();
        people.lead(BY, who, 1, a, day("2026-03-01")).await.unwrap();
        let leaders = PeopleFilter { role: Some(TeamRole::Leader), ..PeopleFilter::default() };
        assert_eq!(count(all(), leaders.clone()).await, 1);
        let lookup = people.lookup().await.unwrap();
        assert_eq!(lookup.leaders(a, day("2026-03-04")).collect::<Vec<_>>(), vec![who]);
        people.stop_leading(BY, who, 2, a, day("2026-03-03")).await.unwrap();
        assert_eq!(count(all(), leaders).await, 0);
        people.leave(BY, who, 3, day("2026-03-03"), None).await.unwrap();
        let gone = PeopleFilter { employed: Some(false), ..PeopleFilter::default() };
        assert_eq!(count(all(), gone).await, 1);
    }
}

fn wanted() -> Wanted {
    let agent = |number: &str, team: Option<&str>, site: Option<&str>| WantedAgent {
        number: number.into(),
        team: team.map(str::to_owned),
        site: site.map(str::to_owned),
        ..WantedAgent::default()
    };
    Wanted {
        agents: vec![
            agent("a1", Some("一组"), Some("北京")),
            agent(" a1 ", None, None),
            agent("a2", Some("一组"), Some("上海")),
            agent("a3", None, Some("北京")),
            agent("a4", None, None),
        ],
        sites: vec!["北京".into(), "成都".into()],
        lines_of_business: vec!["营销".into()],
        queues: vec![("宽带".into(), Some("报障".into())), ("宽带".into(), None), ("其他".into(), None)],
    }
}

#[tokio::test]
async fn an_import_makes_what_nobody_knows_once() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let runs = (0..4).map(|_| {
            let people = people.clone();
            tokio::spawn(async move { people.ensure_now(BY, &wanted()).await.map(drop) })
        });
        for run in runs.collect::<Vec<_>>() {
            run.await.unwrap().unwrap();
        }
        let before = people.lookup().await.unwrap();
        let lookup = people.ensure_now(BY, &wanted()).await.unwrap();
        assert_eq!(before.revision(), lookup.revision(), "nothing was left to make");
        let team = |number: &str| {
            let person = lookup.person_by_number(number).unwrap();
            lookup.team_of(person, BEGINNING).map(|unit| lookup.unit_label(unit))
        };
        assert_eq!(team("a1").as_deref(), Some("北京 / 一组"));
        assert_eq!(team("a2").as_deref(), Some("上海 / 一组"));
        assert_eq!(team("a3").as_deref(), Some("北京"));
        assert_eq!(team("a4"), None);
        assert_eq!(lookup.people().count(), 4);
        assert_eq!(lookup.units().count(), 1 + 3 + 2);
        assert_eq!(lookup.queues().len(), 2);
        let line = lookup.queue_by_name("宽带").unwrap().line_of_business.unwrap();
        assert_eq!(lookup.line_of_business(line).unwrap().name, "报障");
        assert!(lookup.line_of_business_by_name("营销").is_some());
        let bad = Wanted { sites: vec!["长".repeat(300)], ..Wanted::default() };
        assert!(matches!(people.ensure_now(BY, &bad).await.unwrap_err(), PeopleError::Invalid(_)));
    }
}

#[tokio::test]
async fn another_server_on_the_same_database_sees_the_change() {
    let folder = tempfile::tempdir().unwrap();
    for db in store::testing::each(folder.path(), &env(), ALL).await.unwrap() {
        let (one, two) = (People::open(&db).await.unwrap(), People::open(&db).await.unwrap());
        let id = one.add_person(BY, &draft("1", "甲")).await.unwrap();
        assert_eq!(two.lookup().await.unwrap().person(id).unwrap().name, "甲");
        assert_eq!(two.lookup().await.unwrap().units().count(), 1);
        assert_eq!(store::verify_chain(&db).await.unwrap().broken, None);
    }
}
