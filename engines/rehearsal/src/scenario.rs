//! A scenario that is ready to be played.

use inspection::RuleSet;
use inspection::diagnose::Diagnostic;

use crate::check::checked;
use crate::script::{Band, Beat, EndingKind, Lines, Script};
use crate::understand::Understanding;

/// A compiled scenario: immutable, `Send` and `Sync`, shared by all rehearsals of it.
pub struct Scenario {
    script: Script,
    pub(crate) understanding: Understanding,
    warnings: Vec<Diagnostic>,
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scenario").field("name", &self.script.name.value).finish_non_exhaustive()
    }
}

impl Scenario {
    /// Reads, checks and compiles a scenario file; `source` names it in messages.
    ///
    /// # Errors
    /// All that is wrong, warnings included, by line.
    pub fn compile(source: &str, text: &str, rules: &RuleSet) -> Result<Self, Vec<Diagnostic>> {
        let (script, warnings) = checked(source, text, rules);
        let Some(script) = script else { return Err(warnings) };
        Ok(Self { understanding: Understanding::learn(&script), script, warnings })
    }

    /// What the file says.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// What the checker remarked although the scenario can be played.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    pub(crate) fn beat(&self, beat: usize) -> Option<&Beat> {
        self.script.beats.get(beat)
    }

    pub(crate) fn beat_named(&self, name: &str) -> Option<usize> {
        self.script.beats.iter().position(|beat| beat.name.value == name)
    }

    pub(crate) fn move_named(&self, name: &str) -> Option<usize> {
        self.script.moves.iter().position(|one| one.name.value == name)
    }

    pub(crate) fn ending(&self, kind: EndingKind) -> Option<(i64, &Lines)> {
        let ending = self.script.endings.iter().find(|ending| ending.kind == kind)?;
        Some((ending.outcome, &ending.lines))
    }

    pub(crate) fn band(&self, mood: i64) -> Band {
        self.script.portrait.band(mood)
    }
}
