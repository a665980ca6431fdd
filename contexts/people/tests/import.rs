//! Letting files of people in, on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use audit::By;
use kernel::{Day, Env, Time};
use messages::Lang;
use people::api::{
    BEGINNING, Column, Counts, ImportOptions, Mapping, People, PeopleError, Report, RowChange, TeamRole,
};

const ALL: &[store::Migrations] = &[store::MIGRATIONS, people::MIGRATIONS];
const FILE: &str = "工号,姓名,职场,班组,角色,入职日期,最后工作日,备注\n\
    1001,李明,北京,投诉一组,组长,2025-03-01,,早班\n\
    1002,王芳,北京,投诉一组,,2025/4/1,,\n\
    1003,=HYPERLINK(\"x\"),上海,投诉一组,组员,,,\n\
    1004,赵强,上海,,,20240101,2025-12-31,\n\
    1005,,上海,,,,,\n\
    1006,钱多,北京,营销组,,昨天,,\n\
    1001,李明二,北京,,,,,\n";

async fn each(folder: &tempfile::TempDir) -> Vec<People> {
    let env = Env::fixed(Time::parse("2026-03-04T04:00:00Z").unwrap(), 7);
    let mut all = Vec::new();
    for db in store::testing::each(folder.path(), &env, ALL).await.unwrap() {
        all.push(People::open(&db).await.unwrap());
    }
    all
}

async fn import(people: &People, text: &str, dry_run: bool) -> Report {
    people.import_people(&By::COMMAND, text.as_bytes(), None, &ImportOptions { dry_run }).await.unwrap()
}

fn counts(added: u64, updated: u64, unchanged: u64, rejected: u64, units_made: u64) -> Counts {
    Counts { added, updated, unchanged, rejected, units_made }
}

#[tokio::test]
async fn good_rows_go_in_once_and_bad_ones_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let before = people.lookup().await.unwrap().revision();
        let dry = import(&people, FILE, true).await;
        assert_eq!(dry.counts, counts(4, 0, 0, 3, 4));
        assert_eq!(people.lookup().await.unwrap().revision(), before, "a dry run changes nothing");
        assert_eq!(people.lookup().await.unwrap().people().count(), 0);

        let report = import(&people, FILE, false).await;
        assert_eq!(report.counts, dry.counts);
        assert_eq!(report.rejected.iter().map(|row| row.line).collect::<Vec<_>>(), [6, 7, 8]);
        assert_eq!(report.rejected[2].errors[0].reason.zh, "工号“1001”在第 2 行已出现，请只留一行。");
        let lookup = people.lookup().await.unwrap();
        let unit = |number: &str, day: Day| {
            let person = lookup.person_by_number(number).unwrap();
            lookup.team_of(person, day).map(|unit| lookup.unit_label(unit))
        };
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(unit("1001", day("2025-03-01")).as_deref(), Some("北京 / 投诉一组"));
        assert_eq!(unit("1001", day("2025-02-28")), None);
        assert_eq!(unit("1003", BEGINNING).as_deref(), Some("上海 / 投诉一组"));
        assert_eq!(unit("1004", day("2025-12-31")).as_deref(), Some("上海"));
        assert_eq!(unit("1004", day("2026-01-01")), None);
        let formula = lookup.person_by_number("1003").unwrap();
        assert_eq!(lookup.person(formula).unwrap().name, "=HYPERLINK(\"x\")");
        let leader = lookup.person_by_number("1001").unwrap();
        assert!(lookup.memberships_of(leader).iter().any(|m| m.role == TeamRole::Leader));

        let again = import(&people, FILE, false).await;
        assert_eq!(again.counts, counts(0, 0, 4, 3, 0), "the same file again changes nothing");
        assert_eq!(people.lookup().await.unwrap().revision(), lookup.revision());
    }
}

#[tokio::test]
async fn a_different_row_updates_and_a_blank_cell_leaves_what_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        import(&people, FILE, false).await;
        let moved = "工号,姓名,班组,入组日期\n1002,王芳芳,营销组,2026-03-01\n1003,=HYPERLINK(\"x\"),,\n";
        let report = import(&people, moved, false).await;
        assert_eq!(
            report.rows.iter().map(|row| row.change).collect::<Vec<_>>(),
            [RowChange::Updated, RowChange::Unchanged]
        );
        let lookup = people.lookup().await.unwrap();
        let person = lookup.person_by_number("1002").unwrap();
        let unit =
            |day: &str| lookup.team_of(person, Day::parse(day).unwrap()).map(|unit| lookup.unit_label(unit));
        assert_eq!(unit("2026-02-28").as_deref(), Some("北京 / 投诉一组"));
        assert_eq!(unit("2026-03-01").as_deref(), Some("营销组"));
        assert_eq!(import(&people, moved, false).await.counts, counts(0, 0, 2, 0, 0));
        let gone = "工号,姓名,离职日期,离职原因\n1002,王芳芳,2026-03-02,转岗\n1001,李明,2020-01-01,\n";
        let report = import(&people, gone, false).await;
        assert_eq!(report.counts, counts(0, 1, 0, 1, 0), "1001 began after that day");
        let lookup = people.lookup().await.unwrap();
        assert_eq!(lookup.team_of(person, Day::parse("2026-03-03").unwrap()), None);
    }
}

#[tokio::test]
async fn the_rejected_rows_come_back_as_a_file_that_can_be_mended() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let report = import(&people, "编号,姓名,入职日期\n=1,甲,昨天\n2,,2025-01-01\n", false).await;
        let csv = String::from_utf8(report.rejected_csv(Lang::Zh)).unwrap();
        insta::assert_snapshot!("rejected_rows", csv.trim_start_matches('\u{FEFF}'));
        let mended = csv.replace("昨天", "2025-05-01");
        let report = import(&people, &mended, false).await;
        assert_eq!((report.counts.added, report.counts.rejected), (1, 1));
        assert!(people.lookup().await.unwrap().person_by_number("=1").is_some());
    }
}

#[tokio::test]
async fn what_is_no_table_or_lacks_a_column_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let refused = async |bytes: &[u8], mapping: Option<&Mapping>| {
            let options = ImportOptions::default();
            match people.import_bytes(&By::COMMAND, bytes, mapping, &options).await {
                Err(PeopleError::Invalid(wrong)) => wrong.0[0].0.clone(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused(b"", None).await, "file");
        assert_eq!(refused(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", None).await, "file");
        assert_eq!(refused("甲,乙\n1,2\n".as_bytes(), None).await, "mapping");
        let twice = Mapping::parse(["number", "number"]);
        assert_eq!(refused("甲,乙\n1,2\n".as_bytes(), Some(&twice)).await, "mapping");
        let mapping = Mapping::parse(["name", "number"]);
        let report = people
            .import_bytes(&By::COMMAND, "甲,乙\n1,2\n".as_bytes(), Some(&mapping), &ImportOptions::default())
            .await
            .unwrap();
        assert_eq!(report.counts.added, 1);
        assert!(people.lookup().await.unwrap().person_by_number("2").is_some());
    }
}

#[tokio::test]
async fn a_quotation_mark_left_open_costs_its_own_line_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    for people in each(&folder).await {
        let report = import(&people, "工号,姓名,备注\n1,\"甲,x\n2,乙,x\n3,丙,\"x\n4,丁,x\n", false).await;
        assert_eq!((report.counts.added, report.counts.rejected), (2, 2));
        let told: Vec<_> = report.rejected.iter().map(|row| (row.line, row.errors[0].column)).collect();
        // The third column is left out; its row is told by the number.
        assert_eq!(told, [(2, Column::Name), (4, Column::Number)]);
        assert_eq!(report.rejected[0].cells, ["1,\"甲,x"]);
        assert!(report.rejected[0].errors[0].reason.zh.contains("引号"));
        let lookup = people.lookup().await.unwrap();
        assert!(["2", "4"].iter().all(|number| lookup.person_by_number(number).is_some()));
    }
}
