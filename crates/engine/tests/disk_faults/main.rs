//! The engine on a disk that fails: what was answered is there, what was refused is not, and what
//! nobody knows is settled by asking again.

mod real;
mod seeded;

use abono_engine::{Call, Executed, Failure, Key, Render, Reply};
use abono_testkit::World;
use abono_testkit::seller::BASIC;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What fails is the whole process's, so one test goes after the other.
fn alone() -> MutexGuard<'static, ()> {
    static RUN: Mutex<()> = Mutex::new(());
    RUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks for money under a key of its own; gives the bytes of the answer.
async fn ask(world: &World, number: u8) -> Result<Vec<u8>, Failure> {
    let key =
        Key { route: "test".to_owned(), key: format!("key-{number}"), input_hash: vec![number] };
    let call = Call { key: Some(key), ..world.call() };
    let render: Render = Arc::new(|outcome| Reply {
        status: 201,
        content_type: String::new(),
        body: format!("{outcome:?}").into_bytes(),
    });
    let command = world.request(world.customer, BASIC, 1, 1);
    let done = world.engine.execute(&call, &command, render).await;
    done.map(Executed::into_reply).map(|reply| reply.body)
}
