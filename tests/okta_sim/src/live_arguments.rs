//! The options of the program about what the org reports by itself: System Log, event hooks, and changes.

use std::time::Duration;

use clap::Args;
use okta_sim::{HookHabits, LogHabits, OktaSim};

/// The options for System Log, event hooks, and changes.
#[derive(Args)]
#[command(next_help_heading = "System Log and event hooks")]
pub struct LiveArguments {
    /// How many changes, of every kind, to make in a second.
    #[arg(long, default_value_t = 0)]
    changes_per_second: u32,
    /// Write every n-th row of the System Log late; 0 means none.
    #[arg(long, default_value_t = 0)]
    log_late_every: u32,
    /// How late a late row is written.
    #[arg(long, default_value_t = 2_000)]
    log_late_ms: u64,
    /// Never write every n-th row of the System Log; 0 means none.
    #[arg(long, default_value_t = 0)]
    log_lose_every: u32,
    /// Write every n-th row of the System Log twice; 0 means none.
    #[arg(long, default_value_t = 0)]
    log_duplicate_every: u32,
    /// Make every n-th delivery of a hook late; 0 means none.
    #[arg(long, default_value_t = 0)]
    hook_late_every: u32,
    /// How late a late delivery is made.
    #[arg(long, default_value_t = 2_000)]
    hook_late_ms: u64,
    /// Never make every n-th delivery of a hook; 0 means none.
    #[arg(long, default_value_t = 0)]
    hook_lose_every: u32,
    /// Make every n-th delivery of a hook twice; 0 means none.
    #[arg(long, default_value_t = 0)]
    hook_duplicate_every: u32,
    /// How many events hooks deliver in 24 hours.
    #[arg(long, default_value_t = 400_000)]
    hook_daily_cap: u64,
}

impl LiveArguments {
    /// Sets these habits of the org, and begins the changes.
    pub fn apply(&self, sim: &OktaSim) {
        sim.set_log_habits(LogHabits {
            late_every: self.log_late_every,
            late: Duration::from_millis(self.log_late_ms),
            lose_every: self.log_lose_every,
            duplicate_every: self.log_duplicate_every,
            ..LogHabits::default()
        });
        sim.set_hook_habits(HookHabits {
            late_every: self.hook_late_every,
            late: Duration::from_millis(self.hook_late_ms),
            lose_every: self.hook_lose_every,
            duplicate_every: self.hook_duplicate_every,
            daily_cap: self.hook_daily_cap,
            ..HookHabits::default()
        });
        if self.changes_per_second > 0 {
            let org = sim.org().clone();
            let pause = Duration::from_secs(1) / self.changes_per_second;
            std::thread::spawn(move || {
                for step in 0.. {
                    org.change_at_random(step);
                    std::thread::sleep(pause);
                }
            });
        }
    }
}
