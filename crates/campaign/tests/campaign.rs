//! A few seeds of the campaign, every case that was ever kept, and, where bugs can be planted, all
//! of those.

use abono_campaign::stage::play;
use abono_campaign::{Case, draw};

/// What SQLite draws is the whole process's, so the parts of this are played one after another.
#[test]
fn the_program_holds_its_laws_on_a_disk_that_loses_power() {
    every_case_that_was_kept_holds_now();
    seeds_hold_and_are_played_twice_in_the_same_way();
    a_case_is_read_as_it_was_written();
}

fn every_case_that_was_kept_holds_now() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");
    for file in std::fs::read_dir(folder).expect("the cases") {
        let path = file.expect("a file").path();
        // What is still open stands in a folder of its own.
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a case");
        let case: Case = serde_json::from_str(&text).expect("a case");
        play(&case).unwrap_or_else(|broken| panic!("{}: {broken}", path.display()));
    }
}

fn seeds_hold_and_are_played_twice_in_the_same_way() {
    for seed in 0..6 {
        let case = draw::case(seed, 60);
        let replay = format!("cargo xtask sim --replay {seed} --days 60");
        let passed = play(&case).unwrap_or_else(|broken| panic!("{broken}\n{replay}"));
        if seed < 2 {
            assert_eq!(play(&case), Ok(passed), "{replay}");
        }
    }
}

fn a_case_is_read_as_it_was_written() {
    let case = draw::case(9, 400);
    let text = serde_json::to_string(&case).expect("JSON");
    assert_eq!(serde_json::from_str::<Case>(&text).expect("a case"), case);
}
