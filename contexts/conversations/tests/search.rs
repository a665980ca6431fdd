//! Lists and search over stored conversations, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::{collections::BTreeSet, fmt::Write, ops::ControlFlow};

use audit::By as Author;
use conversations::{
    api::{
        BatchKind, ConversationFilter, ConversationId, ConversationSort, Conversations, ImportOptions,
        ImportRequest, ListRequest, Place,
    },
    search::index::{By, Entry, Find, SearchIndex},
};
use kernel::{Day, Env, Scope, Time};
use people::api::{People, Wanted, WantedAgent};
use store::{Ask, Db, sql, testing};

async fn databases(folder: &tempfile::TempDir) -> Vec<(Db, Conversations, People)> {
    let all = [store::MIGRATIONS, jobs::MIGRATIONS, people::MIGRATIONS, conversations::MIGRATIONS];
    let env = Env::fixed(Time::parse("2026-03-10T00:00:00Z").unwrap(), 1);
    let mut found = Vec::new();
    for (n, db) in testing::each(folder.path(), &env, &all).await.unwrap().into_iter().enumerate() {
        let people = People::open(&db).await.unwrap();
        let data = folder.path().join(n.to_string());
        found.push((db.clone(), Conversations::new(db, people.clone(), &data), people));
    }
    found
}

async fn fill(service: &Conversations, people: &People) {
    let agent = |n: usize| WantedAgent {
        number: format!("{}", 1000 + n),
        team: Some(if n < 3 { "一组" } else { "二组" }.to_owned()),
        site: Some("北京".to_owned()),
        ..WantedAgent::default()
    };
    let wanted = Wanted { agents: (0..6).map(agent).collect(), ..Wanted::default() };
    people.ensure_now(&Author::SYSTEM, &wanted).await.unwrap();
    let words =
        ["我要退款", "宽带上不去，5G 套餐", "Thank you, refund please", "流量套餐怎么退", "退掉，款式不对"];
    let mut lines = String::new();
    for n in 0..300_usize {
        let started = if n % 10 == 9 {
            String::new()
        } else {
            format!("\"started_at\":\"2026-03-0{}T0{}:00:00Z\",", n % 7 + 1, n % 9)
        };
        let second = if n % 50 == 0 {
            ",{\"role\":\"agent\",\"participant\":\"1005\",\"t\":90,\"text\":\"转接后\"}"
        } else {
            ""
        };
        let first = 1000 + n % 5;
        let _ = writeln!(
            lines,
            "{{\"id\":\"x-{n}\",\"source\":\"s\",{started}\"agent\":\"{first}\",\"queue\":\"q{}\",\"channel\":\"{}\",\"direction\":\"inbound\",\"turns\":[{{\"role\":\"customer\",\"t\":0,\"text\":\"{}\"}},{{\"role\":\"agent\",\"participant\":\"{first}\",\"t\":{},\"text\":\"好的 手机13812345678\"}}{second}]}}",
            n % 3,
            ["call", "chat"][n % 2],
            words[n % words.len()],
            n % 80
        );
    }
    let request = ImportRequest {
        kind: BatchKind::Demo,
        name: "x".into(),
        bytes_total: None,
        options: ImportOptions::default(),
        resume: None,
    };
    let bytes = std::io::Cursor::new(lines.into_bytes());
    let batch =
        service.import_stream(&Author::SYSTEM, bytes, request, |_| ControlFlow::Continue(())).await.unwrap();
    assert_eq!((batch.counts.added, batch.counts.rejected), (300, 0));
    assert_eq!(service.rebuild_search(|_| true).await.unwrap(), 300);
}

fn request(filter: ConversationFilter) -> ListRequest {
    ListRequest { filter, limit: 1_000, counts: true, ..ListRequest::default() }
}

fn words(query: &str) -> ConversationFilter {
    ConversationFilter { query: Some(query.to_owned()), ..ConversationFilter::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    for (_, service, people) in databases(&folder).await {
        fill(&service, &people).await;
        let scope = Scope::everything();
        for (query, expected) in [
            ("退款", 60),
            ("我要退款", 60),
            ("退", 180),
            ("refund", 60),
            ("REFUND thank", 60),
            ("“thank you”", 60),
            ("\"you thank\"", 0),
            ("套餐", 120),
            ("怎么退套餐", 60),
            ("“上不去，5g”", 60),
            ("5G", 60),
            ("转接", 6),
            ("不存在的话", 0),
            ("x-17", 1),
            ("13812345678", 300),
            ("", 300),
            ("!!", 0),
        ] {
            let page = service.list(&scope, &request(words(query))).await.unwrap();
            assert_eq!(page.rows.len(), expected, "{query}");
            assert_eq!(page.total, expected as u64, "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn index_and_store_agree_on_every_filter_scope_and_order() {
    let folder = tempfile::tempdir().unwrap();
    for (_, service, people) in databases(&folder).await {
        fill(&service, &people).await;
        let lookup = people.lookup().await.unwrap();
        let team = lookup.units().find(|unit| unit.name == "二组").unwrap().id;
        let late = lookup.person_by_number("1005").unwrap();
        let early = lookup.person_by_number("1000").unwrap();
        let queue = lookup.queue_by_name("q1").unwrap().id;
        let none = ConversationFilter::default();
        let filters = [
            none.clone(),
            ConversationFilter { teams: vec![team], ..none.clone() },
            ConversationFilter { agents: vec![late], ..none.clone() },
            ConversationFilter { agents: vec![early, late], ..none.clone() },
            ConversationFilter { queues: vec![queue], channels: vec!["chat".into()], ..none.clone() },
            ConversationFilter {
                from: Day::parse("2026-03-03"),
                to: Day::parse("2026-03-05"),
                ..none.clone()
            },
            ConversationFilter { dated: Some(false), ..none.clone() },
            ConversationFilter { duration_min_s: Some(20), duration_max_s: Some(60), ..none.clone() },
            ConversationFilter { direction: Some(conversations::api::Direction::Outbound), ..none.clone() },
        ];
        let scopes = [
            Scope::everything(),
            Scope::units(BTreeSet::from([team])),
            Scope::own(late),
            Scope::own(early),
            Scope::units(BTreeSet::from([team])).or(Scope::own(early)),
            Scope::units(BTreeSet::from([team])).or(Scope::own(late)),
            Scope::nothing(),
        ];
        let sorts = [
            ConversationSort::Newest,
            ConversationSort::Oldest,
            ConversationSort::Longest,
            ConversationSort::Shortest,
        ];
        for filter in &filters {
            for scope in &scopes {
                for sort in sorts {
                    let stored = paged(&service, scope, filter, sort).await;
                    // Every conversation has this number in it: the same list by way of the index.
                    let searched = ConversationFilter { query: Some("13812345678".into()), ..filter.clone() };
                    assert_eq!(
                        stored,
                        paged(&service, scope, &searched, sort).await,
                        "{filter:?} {scope:?} {sort:?}"
                    );
                }
            }
        }
        let own = service.list(&Scope::own(late), &request(none)).await.unwrap();
        assert_eq!(own.total, 6, "what was handed over is open to who took it");
        let own = service.list(&Scope::own(early), &request(ConversationFilter::default())).await.unwrap();
        assert_eq!(own.total, 60, "and to who began it, once");
    }
}

/// All ids of a list, read in pages of seven.
async fn paged(
    service: &Conversations,
    scope: &Scope,
    filter: &ConversationFilter,
    sort: ConversationSort,
) -> Vec<String> {
    let (mut ids, mut after): (Vec<String>, Option<Place>) = (Vec::new(), None);
    loop {
        let request = ListRequest { filter: filter.clone(), sort, after, limit: 7, counts: true };
        let page = service.list(scope, &request).await.unwrap();
        ids.extend(page.rows.iter().map(|row| row.external_id.clone()));
        after = page.next;
        if after.is_none() {
            assert_eq!(page.total, ids.len() as u64);
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "nothing twice");
            return ids;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_index_what_comes_in_and_a_lost_index_is_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    for (db, service, people) in databases(&folder).await {
        fill(&service, &people).await;
        assert_eq!(service.search_waiting().await.unwrap(), 1);
        let runner = conversations::with_jobs(jobs::Runner::new(db.clone()), &service);
        runner.run_to_empty().await.unwrap();
        assert_eq!(service.search_waiting().await.unwrap(), 0);
        assert!(!service.rebuild_search_if_lost().await.unwrap());
        let again = Conversations::new(
            db.clone(),
            people.clone(),
            &folder.path().join(format!("elsewhere-{:?}", db.dialect())),
        );
        assert!(again.rebuild_search_if_lost().await.unwrap());
        assert!(!again.rebuild_search_if_lost().await.unwrap(), "one rebuild is on its way");
        conversations::with_jobs(jobs::Runner::new(db.clone()), &again).run_to_empty().await.unwrap();
        assert_eq!(again.list(&Scope::everything(), &request(words("退款"))).await.unwrap().total, 60);
        assert_eq!(db.count(sql!("SELECT COUNT(*) FROM job WHERE state <> 'done'")).await.unwrap(), 0);
    }
}

/// The place in time of a conversation made for a search among many: some stand together, some at none, and they
/// come in no order.
fn at(n: u64) -> i64 {
    i64::try_from(if n.is_multiple_of(50) { 0 } else { n * 7_919 % 4_001 }).unwrap()
}

fn many(n: u64) -> Entry {
    let frequent = if n.is_multiple_of(3) { "我家的宽带\n" } else { "家里，宽带\n" };
    let early = if at(n) < 1_000 { "还是旧的套餐，5G套餐\n" } else { "" };
    let rare = if n.is_multiple_of(701) { "光纤熔接" } else { "" };
    Entry {
        id: ConversationId(uuid::Uuid::from_u64_pair(n, n)),
        at: at(n),
        duration_s: i64::try_from(n % 90).unwrap() - 1,
        tags: vec![format!("queue:{}", n % 4), format!("id:x-{n}")],
        text: format!("{frequent}{early}{rare}"),
    }
}

const MANY: u64 = 12_000;

fn find(query: &str) -> Find {
    Find {
        clauses: conversations::search::parse_query(query),
        external_id: None,
        scope: Scope::everything(),
        tags: Vec::new(),
        from: None,
        before: None,
        duration_min_s: None,
        duration_max_s: None,
        by: By::Time,
        ascending: false,
        after: None,
        limit: 500,
        count_to: u64::MAX,
    }
}

/// All of an order, page by page.
fn walked(index: &SearchIndex, mut find: Find, total: u64) -> Vec<(i64, ConversationId)> {
    let mut found = Vec::new();
    loop {
        let page = index.find(&find).unwrap();
        assert!(
            page.total == total || (find.count_to..total).contains(&page.total),
            "{} {find:?}",
            page.total
        );
        found.extend(page.ids.iter().copied());
        find.after = page.ids.last().copied();
        if page.ids.len() < find.limit {
            return found;
        }
    }
}

/// Which of the many a question should find.
type Expected<'a> = &'a dyn Fn(&u64) -> bool;

#[test]
fn a_search_among_many_finds_what_one_counts_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path()).unwrap();
    for part in 0..4 {
        index.put((part * MANY / 4..(part + 1) * MANY / 4).map(many)).unwrap();
    }
    // Some come again: what the index held of them before is found no more.
    index.put((0..MANY).step_by(7).map(|n| Entry { text: "别的话".to_owned(), ..many(n) })).unwrap();
    let kept = |n: &u64| !n.is_multiple_of(7);
    let early = |n: &u64| at(*n) < 1_000;
    let middle = Find { from: Some(1_500), before: Some(2_500), ..find("宽带") };
    let lasting = Find { duration_min_s: Some(10), duration_max_s: Some(50), ..find("宽带") };
    let questions: [(Find, Expected<'_>); 13] = [
        (find("宽带"), &|_| true),
        (find("“家的宽带”"), &|n| n.is_multiple_of(3)),
        (find("“家里宽带”"), &|_| false),
        (find("旧的套餐"), &early),
        (find("“旧的套餐” 家"), &early),
        (find("光纤熔接"), &|n| n.is_multiple_of(701)),
        (find("熔"), &|n| n.is_multiple_of(701)),
        (find("“5G套”"), &early),
        (Find { external_id: Some("x-8".into()), ..find("“家的宽带”") }, &|n| {
            n.is_multiple_of(3) || *n == 8
        }),
        (Find { external_id: Some("x-8".into()), ..find("光纤熔接") }, &|n| {
            n.is_multiple_of(701) || *n == 8
        }),
        (Find { tags: vec![vec!["queue:1".into(), "queue:2".into()]], ..find("宽带") }, &|n| {
            matches!(n % 4, 1 | 2)
        }),
        (middle, &|n| (1_500..2_500).contains(&at(*n))),
        (lasting, &|n| (10..=50).contains(&(i64::try_from(n % 90).unwrap() - 1))),
    ];
    for (question, expected) in questions {
        let expected: Vec<Entry> = (0..MANY).filter(kept).filter(expected).map(many).collect();
        for (by, ascending) in
            [(By::Time, false), (By::Time, true), (By::Duration, false), (By::Duration, true)]
        {
            let place = |entry: &Entry| (if by == By::Time { entry.at } else { entry.duration_s }, entry.id);
            let mut expected: Vec<_> = expected.iter().map(place).collect();
            expected.sort();
            if !ascending {
                expected.reverse();
            }
            let total = expected.len() as u64;
            let all = Find { by, ascending, ..question.clone() };
            assert_eq!(walked(&index, all.clone(), total), expected, "{all:?}");
            // Counting may stop early; what is shown stays the same, however short the pages.
            let some = Find { count_to: 20, ..all };
            assert_eq!(walked(&index, some.clone(), total), expected, "{some:?}");
            let few = index.find(&Find { limit: 3, ..some }).unwrap();
            assert_eq!(few.ids, expected.iter().take(3).copied().collect::<Vec<_>>(), "{question:?}");
        }
    }
}
