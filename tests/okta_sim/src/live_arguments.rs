//! The options of the program that are about what the org tells by itself.

use std::time::Duration;

use clap::Args;
use okta_sim::{HookHabits, LogHabits, OktaSim};

/// System Log, event hooks, and changes.
#[derive(Args)]
#[command(next_help_heading = "System Log and event hooks")]
pub struct LiveArguments {
    /// So many changes of every kind a second.
    #[arg(long, default_value_t = 0)]
    changes_per_second: u32,
    /// Each so-manieth row of the System Log is written late; 0 is none.
    #[arg(long, default_value_t = 0)]
    log_late_every: u32,
    /// How late that is.
    #[arg(long, default_value_t = 2_000)]
    log_late_ms: u64,
    /// Each so-manieth row of the System Log is never written; 0 is none.
    #[arg(long, default_value_t = 0)]
    log_lose_every: u32,
    /// Each so-manieth row of the System Log is written twice; 0 is none.
    #[arg(long, default_value_t = 0)]
    log_duplicate_every: u32,
    /// Each so-manieth delivery of a hook comes late; 0 is none.
    #[arg(long, default_value_t = 0)]
    hook_late_every: u32,
    /// How late that is.
    #[arg(long, default_value_t = 2_000)]
    hook_late_ms: u64,
    /// Each so-manieth delivery of a hook is never made; 0 is none.
    #[arg(long, default_value_t = 0)]
    hook_lose_every: u32,
    /// Each so-manieth delivery of a hook is made twice; 0 is none.
    #[arg(long, default_value_t = 0)]
    hook_duplicate_every: u32,
    /// How many events hooks carry in 24 hours.
    #[arg(long, default_value_t = 400_000)]
    hook_daily_cap: u64,
}

impl LiveArguments {
    /// Lets the org behave so, and begins the changes.
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
