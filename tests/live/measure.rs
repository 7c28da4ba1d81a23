//! How long changes took until the directory showed them.

use std::time::{Duration, Instant};

use okta_profiles::engine::Engine;

use crate::load::{Changed, Load};

/// Changes that are not shown yet, and how long the others took.
#[derive(Default)]
pub struct Measure {
    waiting: Vec<(Instant, Changed)>,
    took: Vec<Duration>,
}

impl Measure {
    /// This was changed just now.
    pub fn changed(&mut self, what: Changed) {
        self.waiting.push((Instant::now(), what));
    }

    /// Looks which of them are shown by now. One that was changed once more counts when the newest is shown.
    pub fn look(&mut self, engine: &Engine, load: &Load<'_>) {
        let now = Instant::now();
        let took = &mut self.took;
        self.waiting.retain(|(at, what)| {
            let is_shown = load.is_shown(engine, what);
            if is_shown {
                took.push(now - *at);
            }
            !is_shown
        });
    }

    pub fn is_done(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What is still missing, for the failure message.
    pub fn missing(&self) -> String {
        let first: Vec<_> = self.waiting.iter().take(5).collect();
        format!("{} changes are missing, first {first:?}", self.waiting.len())
    }

    /// The changes of all, in per cent, that took no longer than this.
    pub fn within(&self, limit: Duration) -> f64 {
        let quick = self.took.iter().filter(|took| **took <= limit).count();
        100.0 * quick as f64 / (self.took.len() + self.waiting.len()).max(1) as f64
    }

    /// How many changes there were, and the time within which half, 99 % and all of them were shown.
    pub fn figures(&mut self) -> (usize, [Duration; 3]) {
        self.took.sort_unstable();
        let last = self.took.len().saturating_sub(1);
        let at = |part: f64| {
            self.took
                .get((last as f64 * part) as usize)
                .copied()
                .unwrap_or_default()
        };
        (self.took.len(), [at(0.5), at(0.99), at(1.0)])
    }
}
