//! The live rule set: all live behaviours compiled together, once, for all threads.

mod service;
pub mod store;

use std::{collections::BTreeMap, sync::Arc};

use inspection::{Diagnostic, RuleSet, Source};
use messages::Text;

use crate::behaviour::{BehaviourId, Live};

/// The behaviours of a rule set, in the order of the places in packed observations.
pub type Members = Arc<[BehaviourId]>;

/// Named lists and rules that behaviours share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// Its name in messages.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// The live rule set.
#[derive(Debug)]
pub struct LiveSet {
    /// Its number; observations name it.
    pub n: i64,
    /// The compiled rules.
    pub rules: RuleSet,
    /// The behaviours, by place.
    pub members: Members,
    /// The live versions by id.
    pub behaviours: BTreeMap<BehaviourId, Live>,
}

impl LiveSet {
    /// The behaviour at a place.
    pub fn at(&self, place: u32) -> Option<&Live> {
        self.members.get(usize::try_from(place).ok()?).and_then(|id| self.behaviours.get(id))
    }

    /// What a behaviour asks for, in the words of its rule's note.
    pub fn note(&self, name: &str) -> Option<Text> {
        let place = usize::try_from(self.rules.index_of(name)?).ok()?;
        let note = self.rules.behaviours().get(place)?.note.clone();
        Some(Text::made(note.zh, note.en))
    }

    /// The place of a behaviour.
    pub fn place(&self, id: BehaviourId) -> Option<u32> {
        self.members.iter().position(|member| *member == id).and_then(|place| u32::try_from(place).ok())
    }
}

/// Compiles libraries and behaviours together. The places of the result follow the order in which the engine
/// lists the behaviours.
///
/// # Errors
/// Everything that is wrong; the source of a diagnostic is the library's or the behaviour's name.
pub fn compile(libraries: &[Library], live: &[Live]) -> Result<(RuleSet, Members), Vec<Diagnostic>> {
    let shared = libraries.iter().map(|library| Source { name: &library.name, text: &library.text });
    let own = live.iter().map(|live| Source { name: &live.name, text: &live.rule_text });
    let sources: Vec<Source<'_>> = shared.chain(own).collect();
    let rules = RuleSet::compile(&sources)?;
    let by_name: BTreeMap<&str, BehaviourId> =
        live.iter().map(|live| (live.name.as_str(), live.id)).collect();
    let nil = BehaviourId(uuid::Uuid::nil());
    // A file may declare more behaviours than the one it is named after; those are compiled but observed for nobody.
    let members = rules
        .behaviours()
        .iter()
        .map(|info| by_name.get(info.name.as_str()).copied().unwrap_or(nil))
        .collect();
    Ok((rules, members))
}
