//! From the text of a scenario file to a [`Script`].

use inspection::ast::At;
use inspection::diagnose::Diagnostic;
use inspection::lex::Pos;
use toml::de::DeTable;

use crate::limits::{
    DIAGNOSTICS_MAX, ENTRIES_MAX, EXAMPLES_MIN, FILE_MAX_BYTES, HANG_UP_OUTCOME_MAX, MOOD_STEP_MAX,
    PATIENCE_MAX, PHRASINGS_MIN, SITUATION_MAX_CHARS, TEST_LINES_MAX, TEXT_MAX_CHARS, TEXTS_MAX, TURNS_MAX,
    TURNS_MIN,
};
use crate::script::{
    Area, Beat, Costs, Criterion, Difficulty, ENDING_NAMES, Ending, EndingKind, Exit, Fact, Item, Language,
    Lines, Move, Objection, PassMarks, Portrait, Says, Script, TEST_NAMES, Target, Test,
};
use crate::toml_reader::{Reader, Table};

/// Keys of the file itself.
const FILE_KEYS: &[&str] = &[
    "name",
    "language",
    "title",
    "line_of_business",
    "situation",
    "difficulty",
    "turns",
    "pass",
    "portrait",
    "says",
    "facts",
    "moves",
    "objections",
    "beats",
    "endings",
    "items",
    "tests",
];
/// From which mood on a customer is calm or tense unless the file says otherwise.
const CALM_FROM: i64 = 60;
const TENSE_FROM: i64 = 30;
/// What passes unless the file says otherwise.
const PASS_MARK: i64 = 60;
/// Shares and moods run from 0 to 100.
const PERCENT: (i64, i64) = (0, 100);

/// Reads a file. The script is there when enough of it can be read to check its meaning too.
pub(crate) fn read(text: &str) -> (Option<Script>, Vec<Diagnostic>) {
    if text.len() > FILE_MAX_BYTES {
        let at = Pos { line: 1, column: 1, length: 1, offset: 0 };
        let message = format!("the file has {} bytes", text.len());
        return (None, vec![Diagnostic::error(at, message, format!("at most {FILE_MAX_BYTES}"))]);
    }
    let mut reader = Reader::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(DIAGNOSTICS_MAX) {
        let at = reader.pos(error.span().unwrap_or(0..0));
        reader.error(at, format!("this is not TOML: {}", error.message()), "see docs/scenarios.md");
    }
    if !errors.is_empty() {
        return (None, reader.found);
    }
    let at = Pos { line: 1, column: 1, length: 1, offset: 0 };
    let file = Table { entries: document.get_ref(), at, what: "the file".to_owned() };
    let script = reader.script(&file);
    (script, reader.found)
}

impl<'t> Reader<'t> {
    fn script(&mut self, file: &Table<'_, 't>) -> Option<Script> {
        self.only(file, FILE_KEYS);
        let name = self.name(file, "name");
        let language = self.choice(file, "language", &[("zh", Language::Zh), ("en", Language::En)]);
        let title = self.text(file, "title", TEXT_MAX_CHARS).value;
        let line_of_business = self.text_if(file, "line_of_business", TEXT_MAX_CHARS).map(|text| text.value);
        let situation = self.text(file, "situation", SITUATION_MAX_CHARS).value;
        let difficulties =
            [("easy", Difficulty::Easy), ("ordinary", Difficulty::Ordinary), ("hard", Difficulty::Hard)];
        let difficulty = self.choice(file, "difficulty", &difficulties);
        let turns = self.number(file, "turns", (TURNS_MIN, TURNS_MAX));
        let pass = self.table_if(file, "pass");
        let pass = self.pass(pass.as_ref());
        let portrait = self.table(file, "portrait").map(|table| self.portrait(&table));
        let says = self.table(file, "says").map(|table| self.says(&table));
        let of = |reader: &mut Self, key, min| reader.tables(file, key, min, ENTRIES_MAX);
        let facts = of(self, "facts", 0).iter().map(|table| self.fact(table)).collect();
        let moves = of(self, "moves", 1).iter().map(|table| self.one_move(table)).collect();
        let objections = of(self, "objections", 0).iter().map(|table| self.objection(table)).collect();
        let beats = of(self, "beats", 1).iter().map(|table| self.beat(table)).collect();
        let endings = self.table(file, "endings").map(|table| self.endings(&table)).unwrap_or_default();
        let items = of(self, "items", 1).iter().filter_map(|table| self.item(table)).collect();
        let tests = of(self, "tests", 1).iter().filter_map(|table| self.test(table)).collect();
        Some(Script {
            name,
            language: language?,
            title,
            line_of_business,
            situation,
            difficulty: difficulty?,
            turns,
            pass,
            portrait: portrait?,
            says: says?,
            facts,
            moves,
            objections,
            beats,
            endings,
            items,
            tests,
        })
    }

    fn pass(&mut self, table: Option<&Table<'_, 't>>) -> PassMarks {
        if let Some(table) = table {
            self.only(table, &["process", "feeling", "outcome"]);
        }
        let mut mark =
            |key| table.and_then(|table| self.number_if(table, key, (1, 100))).unwrap_or(PASS_MARK);
        PassMarks { process: mark("process"), feeling: mark("feeling"), outcome: mark("outcome") }
    }

    fn portrait(&mut self, table: &Table<'_, 't>) -> Portrait {
        self.only(
            table,
            &["who", "manner", "need", "speech", "mood", "calm_from", "tense_from", "patience", "costs"],
        );
        let costs = self.table_if(table, "costs");
        if let Some(costs) = &costs {
            self.only(costs, &["silence", "unknown", "repeated", "too_much"]);
        }
        let mut cost = |key| costs.as_ref().and_then(|costs| self.number_if(costs, key, (0, 3))).unwrap_or(1);
        let costs = Costs {
            silence: cost("silence"),
            unknown: cost("unknown"),
            repeated: cost("repeated"),
            too_much: cost("too_much"),
        };
        let calm_from = self.number_if(table, "calm_from", PERCENT).unwrap_or(CALM_FROM);
        let tense_from = self.number_if(table, "tense_from", PERCENT).unwrap_or(TENSE_FROM);
        if tense_from >= calm_from {
            self.error_like(
                table.at,
                format!("the bands of mood overlap: calm from {calm_from}, tense from {tense_from}"),
                "`tense_from` below `calm_from`; below `tense_from` the customer is angry",
                "calm_from = 60",
            );
        }
        Portrait {
            who: self.text(table, "who", TEXT_MAX_CHARS).value,
            manner: self.text(table, "manner", TEXT_MAX_CHARS).value,
            need: self.text(table, "need", TEXT_MAX_CHARS).value,
            speech: self.text(table, "speech", TEXT_MAX_CHARS).value,
            mood: self.number(table, "mood", PERCENT),
            calm_from,
            tense_from,
            patience: self.number(table, "patience", (1, PATIENCE_MAX)),
            costs,
        }
    }

    fn says(&mut self, table: &Table<'_, 't>) -> Says {
        self.only(table, &["unknown", "again", "silence", "repeated", "interrupts", "waiting", "withholds"]);
        let waiting = self.lines(table, "waiting");
        Says {
            unknown: self.lines(table, "unknown"),
            again: self.lines(table, "again"),
            silence: self.lines(table, "silence"),
            repeated: self.lines(table, "repeated"),
            interrupts: self.lines(table, "interrupts"),
            withholds: if table.get("withholds").is_some() {
                self.lines(table, "withholds")
            } else {
                waiting.clone()
            },
            waiting,
        }
    }

    /// Phrasings: a list that serves in every mood, or a table with one list for each band.
    fn lines(&mut self, table: &Table<'_, 't>, key: &str) -> Lines {
        let banded = table.get(key).is_some_and(|value| value.get_ref().is_table());
        if banded {
            let Some(bands) = self.table_if(table, key) else { return Lines::default() };
            self.only(&bands, &["calm", "tense", "angry"]);
            let mut band = |key| plain(self.texts(&bands, key, PHRASINGS_MIN, TEXTS_MAX, false));
            return Lines { calm: band("calm"), tense: band("tense"), angry: band("angry") };
        }
        let same = plain(self.texts(table, key, PHRASINGS_MIN, TEXTS_MAX, false));
        Lines { calm: same.clone(), tense: same.clone(), angry: same }
    }

    fn lines_if(&mut self, table: &Table<'_, 't>, key: &str) -> Option<Lines> {
        table.get(key).is_some().then(|| self.lines(table, key))
    }

    fn fact(&mut self, table: &Table<'_, 't>) -> Fact {
        self.only(table, &["name", "lines", "revealed_by", "mood_at_least"]);
        Fact {
            name: self.name(table, "name"),
            lines: self.lines(table, "lines"),
            revealed_by: self.names(table, "revealed_by"),
            mood_at_least: self.number_if(table, "mood_at_least", PERCENT).unwrap_or(0),
        }
    }

    fn one_move(&mut self, table: &Table<'_, 't>) -> Move {
        self.only(
            table,
            &["name", "title", "examples", "except", "behaviour", "mood", "beats", "after", "reply"],
        );
        let behaviour = self.name_if(table, "behaviour");
        let min = if behaviour.is_some() && table.get("examples").is_none() { 0 } else { EXAMPLES_MIN };
        Move {
            name: self.name(table, "name"),
            title: self.text(table, "title", TEXT_MAX_CHARS).value,
            examples: self.texts(table, "examples", min, TEXTS_MAX, false),
            except: plain(self.texts(table, "except", 0, TEXTS_MAX, false)),
            behaviour,
            mood: self.number_if(table, "mood", (-MOOD_STEP_MAX, MOOD_STEP_MAX)).unwrap_or(0),
            beats: self.names(table, "beats"),
            after: self.names(table, "after"),
            reply: self.lines_if(table, "reply"),
        }
    }

    fn objection(&mut self, table: &Table<'_, 't>) -> Objection {
        self.only(table, &["name", "lines", "beats", "after", "mood_below", "resolved_by", "raises", "mood"]);
        Objection {
            name: self.name(table, "name"),
            lines: self.lines(table, "lines"),
            beats: self.names(table, "beats"),
            after: self.names(table, "after"),
            mood_below: self.number_if(table, "mood_below", (1, 101)).unwrap_or(101),
            resolved_by: self.names(table, "resolved_by"),
            raises: self.number_if(table, "raises", (1, 3)).unwrap_or(2),
            mood: self.number_if(table, "mood", (-MOOD_STEP_MAX, 0)).unwrap_or(0),
        }
    }

    fn beat(&mut self, table: &Table<'_, 't>) -> Beat {
        self.only(table, &["name", "title", "lines", "waiting", "exits"]);
        let exits = self.tables(table, "exits", 0, ENTRIES_MAX);
        Beat {
            name: self.name(table, "name"),
            title: self.text(table, "title", TEXT_MAX_CHARS).value,
            lines: self.lines(table, "lines"),
            waiting: self.lines_if(table, "waiting"),
            exits: exits.iter().filter_map(|exit| self.exit(exit)).collect(),
        }
    }

    fn exit(&mut self, table: &Table<'_, 't>) -> Option<Exit> {
        self.only(
            table,
            &[
                "to",
                "ending",
                "moves",
                "any_move",
                "facts",
                "resolved",
                "turns",
                "mood_at_least",
                "mood_below",
            ],
        );
        let to = match (table.get("to").is_some(), table.get("ending").is_some()) {
            (true, false) => Target::Beat(self.name(table, "to")),
            (false, true) => {
                let at = self.text(table, "ending", TEXT_MAX_CHARS).at;
                Target::Ending(self.choice(table, "ending", ENDING_NAMES)?, at)
            }
            _ => {
                let message = "an exit leads to one place".to_owned();
                self.error_like(
                    table.at,
                    message,
                    "either `to` a beat or an `ending`",
                    "to = \"explaining\"",
                );
                return None;
            }
        };
        Some(Exit {
            at: table.at,
            to,
            moves: self.names(table, "moves"),
            any_move: self.names(table, "any_move"),
            facts: self.names(table, "facts"),
            resolved: self.names(table, "resolved"),
            turns: self.number_if(table, "turns", (1, TURNS_MAX)),
            mood_at_least: self.number_if(table, "mood_at_least", PERCENT),
            mood_below: self.number_if(table, "mood_below", (1, 100)),
        })
    }

    fn endings(&mut self, table: &Table<'_, 't>) -> Vec<Ending> {
        let names: Vec<&str> = ENDING_NAMES.iter().map(|(name, _)| *name).collect();
        self.only(table, &names);
        let mut endings = Vec::new();
        for (name, kind) in ENDING_NAMES {
            let Some(ending) = self.table_if(table, name) else { continue };
            self.only(&ending, &["outcome", "lines"]);
            let most = if *kind == EndingKind::HangUp { HANG_UP_OUTCOME_MAX } else { 100 };
            endings.push(Ending {
                kind: *kind,
                at: ending.at,
                outcome: self.number(&ending, "outcome", (0, most)),
                lines: self.lines(&ending, "lines"),
            });
        }
        endings
    }

    fn item(&mut self, table: &Table<'_, 't>) -> Option<Item> {
        self.only(
            table,
            &[
                "name",
                "title",
                "kind",
                "behaviour",
                "move",
                "first",
                "then",
                "area",
                "weight",
                "beats",
                "within",
                "fatal",
                "better",
            ],
        );
        let criterion = self.criterion(table);
        let area = if table.get("area").is_some() {
            self.choice(table, "area", &[("process", Area::Process), ("feeling", Area::Feeling)])
        } else {
            Some(Area::Process)
        };
        Some(Item {
            name: self.name(table, "name"),
            title: self.text(table, "title", TEXT_MAX_CHARS).value,
            area: area.unwrap_or(Area::Process),
            weight: self.number(table, "weight", (1, 100)),
            beats: self.names(table, "beats"),
            within: self.number_if(table, "within", (1, TURNS_MAX)),
            fatal: self.flag(table, "fatal"),
            better: plain(self.texts(table, "better", 1, TEXTS_MAX, false)),
            criterion: criterion?,
        })
    }

    fn criterion(&mut self, table: &Table<'_, 't>) -> Option<Criterion> {
        #[derive(Clone, Copy)]
        enum Kind {
            Must,
            Never,
            Order,
        }
        let kinds = [("must", Kind::Must), ("never", Kind::Never), ("order", Kind::Order)];
        let kind = self.choice(table, "kind", &kinds)?;
        let behaviour = self.name_if(table, "behaviour");
        let one_move = self.name_if(table, "move");
        let (first, then) = (self.name_if(table, "first"), self.name_if(table, "then"));
        let read = match (kind, behaviour, one_move, first, then) {
            (Kind::Must, Some(behaviour), None, None, None) => Some(Criterion::Behaviour(behaviour)),
            (Kind::Must, None, Some(one), None, None) => Some(Criterion::Move(one)),
            (Kind::Never, Some(behaviour), None, None, None) => Some(Criterion::Prohibition(behaviour)),
            (Kind::Never, None, Some(one), None, None) => Some(Criterion::NeverMove(one)),
            (Kind::Order, None, None, Some(first), Some(then)) => Some(Criterion::Order(first, then)),
            _ => None,
        };
        if read.is_none() {
            let (expected, example) = match kind {
                Kind::Must | Kind::Never => {
                    ("either a `behaviour` or a `move`", "behaviour = \"acknowledge_feeling\"")
                }
                Kind::Order => ("`first` and `then`, both moves", "first = \"verify\""),
            };
            self.error_like(
                table.at,
                format!("{} does not say what is judged", table.what),
                expected,
                example,
            );
        }
        read
    }

    fn test(&mut self, table: &Table<'_, 't>) -> Option<Test> {
        self.only(table, &["kind", "says", "process", "feeling", "outcome", "total", "passes"]);
        let kind = self.choice(table, "kind", TEST_NAMES);
        if table.get("passes").is_none() {
            let message = format!("{} lacks `passes`", table.what);
            self.error_like(table.at, message, "whether it is expected to pass", "passes = true");
        }
        Some(Test {
            at: table.at,
            says: plain(self.texts(table, "says", 1, TEST_LINES_MAX, true)),
            process: self.score_band(table, "process"),
            feeling: self.score_band(table, "feeling"),
            outcome: self.score_band(table, "outcome"),
            total: self.score_band(table, "total"),
            passes: self.flag(table, "passes"),
            kind: kind?,
        })
    }
}

fn plain(texts: Vec<At<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}
