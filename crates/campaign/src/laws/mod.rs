//! What must hold: while a case is played, after the power went, and in the end.

mod licences;
mod telecom;

use crate::sometimes;
use crate::stage::Story;
use crate::stage::ask::{Answer, Sent};
use crate::stage::world::World;
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use abono_engine::views::After;
use abono_sim::Marks;
use abono_sim::executor::alone;
use abono_simvfs::Disk;
use abono_store::nouns::{checkout, journal};
use jiff::Timestamp;
use std::fmt::{self, Display};

/// A law that broke, and how that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The law.
    pub law: &'static str,
    /// How that was seen.
    pub how: String,
}

impl Broken {
    pub(crate) fn new(law: &'static str, how: impl Display) -> Self {
        Self { law, how: format!("{how:#}") }
    }
}

impl Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "broken law: {}\n{}", self.law, self.how)
    }
}

/// One key has one answer, byte for byte, however often it is asked. What was done once without a
/// key is answered like the first time.
pub(crate) fn same_bytes(
    sent: &Sent,
    unheard: Option<&Answer>,
    answer: &Answer,
) -> Result<(), Broken> {
    let is_keyed = match sent {
        Sent::Http(http) => http.key.is_some(),
        Sent::Command(..) | Sent::Lookup(_) => true,
    };
    let was_done = match unheard {
        Some(Answer::Http { status, .. }) => *status < 300,
        Some(Answer::Done(_)) => true,
        Some(Answer::Declined(_) | Answer::Nothing | Answer::Again(_)) | None => false,
    };
    if !is_keyed || !was_done {
        return Ok(());
    }
    let is_same = unheard == Some(answer);
    sometimes!("a key came again with its first answer", is_same);
    let how = || format!("{sent:?}\nfirst {unheard:?}\nthen {answer:?}");
    is_same.then_some(()).ok_or_else(|| Broken::new("one key has one answer", how()))
}

/// The file is whole.
pub(crate) fn whole(disk: &Disk) -> Result<(), Broken> {
    let law = "the file is whole after any crash";
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let name = crate::stage::world::BOOKS;
    let open = rusqlite::Connection::open_with_flags_and_vfs(name, flags, disk.vfs());
    let conn = match open {
        Ok(conn) => conn,
        Err(error) => return Err(Broken::new(law, error)),
    };
    let said: rusqlite::Result<String> = conn.query_row("pragma quick_check", [], |row| row.get(0));
    match said {
        Ok(word) if word == "ok" => Ok(()),
        Ok(word) => Err(Broken::new(law, word)),
        Err(error) => Err(Broken::new(law, error)),
    }
}

/// The engine's own proof finds nothing.
pub(crate) fn proof(engine: &Engine) -> Result<(), Broken> {
    let report = alone(engine.verify(&mut |_| {}));
    let report = report.map_err(|error| Broken::new("the books can be proved", error))?;
    match report.findings.first() {
        Some(found) => Err(Broken::new(
            "the proof finds nothing",
            format!("{}: {}", found.place, found.problem),
        )),
        None => Ok(()),
    }
}

/// The end of a run: nothing is left over, and the books are what the models say.
pub(crate) fn judge(
    engine: &Engine,
    tenants: &[Tenant; 2],
    story: &Story,
    world: &World,
) -> Result<(), Broken> {
    if let Some(wrong) = &world.provider.lock().wrong {
        return Err(Broken::new("the provider is asked rightly", wrong));
    }
    for tenant in tenants {
        drained(engine, tenant)?;
    }
    let mut marks = Marks::default();
    for of in 0..2 {
        licences::judge(engine, &tenants[0], of, story, world, &mut marks)?;
    }
    sometimes!("a request expired", marks.count("expired") > 0);
    let mut marks = Marks::default();
    telecom::judge(engine, &tenants[1], story, &mut marks)?;
    let turned = "done on a day when the clocks turn, or the next";
    sometimes!("cycles: clocks turned", marks.count(turned) > 0);
    sometimes!("cycles: ended", marks.count("billed the rest at the end") > 0);
    sometimes!("change: replaced", marks.count("replaced") > 0);
    proof(engine)?;
    whole(&world.disk)?;
    Ok(())
}

/// Nothing is due any more, all is sealed, and every attempt to pay has its end.
fn drained(engine: &Engine, tenant: &Tenant) -> Result<(), Broken> {
    let law = "no work is left over";
    let failed = |error: &dyn Display| Broken::new(law, error);
    let due = alone(engine.due_work(tenant, After::NOTHING, 3)).map_err(|it| failed(&it))?;
    if !due.commands.is_empty() {
        return Err(Broken::new(law, format!("{:?}", due.commands)));
    }
    let unsealed = alone(engine.store().query(journal::unsealed(tenant.id, 1)));
    if !unsealed.map_err(|it| failed(&it))?.1.is_empty() {
        return Err(Broken::new(law, "the journal isn't sealed"));
    }
    let open = alone(engine.store().query(checkout::due(tenant.id, Timestamp::MAX, 1)));
    match open.map_err(|it| failed(&it))?.first() {
        Some(open) => Err(Broken::new(law, format!("{open:?}"))),
        None => Ok(()),
    }
}
